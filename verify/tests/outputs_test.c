/* Checks that outputs destroy neither inputs, nor measurements, nor links, devices and FIFOs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _XOPEN_SOURCE 700
#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/norma-outputs-XXXXXX";

static void enter_folder(void) {
    cr_assert(mkdtemp(folder) && chdir(folder) == 0);
}

static void remove_folder(void) {
    static const char *const names[] = {"file", "link", "hard", "other", "fifo", "new"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        unlink(names[i]);
    }
    rmdir(folder);
}

TestSuite(outputs, .init = enter_folder, .fini = remove_folder);

static void write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static void expect_text(const char *path, const char *text) {
    char found[256] = "";
    FILE *file = fopen(path, "r");
    cr_assert(file, "%s is gone", path);
    cr_expect(fread(found, 1, sizeof found - 1, file) < sizeof found - 1);
    fclose(file);
    cr_expect_str_eq(found, text, "%s", path);
}

static void expect_link(const char *path) {
    struct stat status;
    cr_expect(lstat(path, &status) == 0 && S_ISLNK(status.st_mode), "%s is no link", path);
}

/* Expects that a path is refused by all functions, with this reason. */
static void expect_refused(const char *path, const char *reason) {
    struct tool_message error = {""};
    write_file("new", "new");
    cr_expect_not(tool_output_check(path, &error), "%s", path);
    cr_expect(strstr(error.text, reason), "%s: %s", path, error.text);
    cr_expect_null(tool_output_open(path, &error), "%s", path);
    cr_expect_not(tool_output_move("new", path, &error), "%s", path);
}

Test(outputs, is_no_input_under_any_name) {
    write_file("file", "problems\n");
    cr_assert(symlink("file", "link") == 0 && link("file", "hard") == 0);
    FILE *file = tool_input_open("file");
    cr_assert(file);
    fclose(file);
    expect_refused("file", "it is an input");
    expect_refused("link", "it is an input");
    expect_refused("hard", "it is an input");
    expect_text("file", "problems\n");
}

Test(outputs, is_no_input_that_a_library_opens) {
    write_file("file", "profile\n");
    tool_input_note("file");
    tool_input_note("other");
    expect_refused("file", "it is an input");
    expect_text("file", "profile\n");
}

Test(outputs, two_are_not_one_file) {
    struct tool_message error;
    FILE *first = tool_output_open("file", &error);
    cr_assert(first && fputs("first", first) >= 0 && fclose(first) == 0);
    expect_refused("file", "it is an output already");
    expect_text("file", "first");
}

Test(outputs, keeps_measurements) {
    static const char *const records[] = {
        "{\"type\":\"machine\",\"schema\":1}\n",
        "\xef\xbb\xbf{\"type\":\"machine\"}\n",
        "\n{\"type\":\"machine\"}\n",
        "\xef\xbb\xbf \t\r\n\n{\"type\":\"machine\"}\n",
        "{ \"type\" : \"measurement\" }\n",
    };
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        write_file("file", records[i]);
        expect_refused("file", "it holds measurements");
        expect_text("file", records[i]);
    }
}

Test(outputs, keeps_measurements_after_many_empty_lines) {
    char text[2000];
    memset(text, '\n', sizeof text);
    snprintf(text + 1900, 100, "{\"type\":\"machine\"}\n");
    write_file("file", text);
    expect_refused("file", "it holds measurements");
}

Test(outputs, keeps_what_is_compressed) {
    static const char *const files[] = {"\x1f\x8b\b.",
                                        "\3757zXZ.", /* octal, as 7 may be a hexadecimal digit */
                                        "\x28\xb5\x2f\xfd."};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        write_file("file", files[i]);
        expect_refused("file", "it is compressed and may hold measurements");
        expect_text("file", files[i]);
    }
}

Test(outputs, measurements_may_be_appended_to) {
    struct tool_message error = {""};
    write_file("file", "{\"type\":\"machine\",\"schema\":1}\n");
    cr_expect(tool_output_check_append("file", &error), "%s", error.text);
    tool_input_note("file");
    cr_expect_not(tool_output_check_append("file", &error));
    cr_expect(strstr(error.text, "it is an input"), "%s", error.text);
    cr_expect_not(tool_output_check_append(folder, &error));
}

Test(outputs, a_move_needs_the_folder) {
    struct tool_message error = {""};
    write_file("file", "no folder");
    cr_expect(tool_output_check_move("file", &error), "%s", error.text);
    cr_expect(tool_output_check_move("new", &error), "%s", error.text);
    cr_expect(tool_output_check_move("/dev/null", &error), "%s", error.text);
    cr_expect_not(tool_output_check_move("none/new", &error));
    cr_expect_not(tool_output_check_move("file/new", &error));
    cr_expect(strstr(error.text, "Not a directory"), "%s", error.text);
}

Test(outputs, replaces_reports_and_digests) {
    static const char *const before[] = {"",
                                         "\n\n",
                                         "TAP version 13\n",
                                         "{\"number\":1}\n",
                                         "{\"type\":\"digest\",\"schema\":1}\n",
                                         "\n{\"type\": \"digest\"}\n"};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        struct tool_message error = {""};
        write_file("file", before[i]);
        write_file("new", "new");
        cr_expect(tool_output_move("new", "file", &error), "%s: %s", before[i], error.text);
        expect_text("file", "new");
    }
}

Test(outputs, follows_links) {
    struct tool_message error = {""};
    write_file("file", "longer than what follows");
    cr_assert_eq(chmod("file", 0600), 0);
    cr_assert_eq(symlink("file", "link"), 0);
    write_file("new", "new");
    cr_expect(tool_output_move("new", "link", &error), "%s", error.text);
    expect_text("file", "new");
    expect_link("link");
    struct stat status;
    cr_assert_eq(stat("file", &status), 0);
    cr_expect_eq(status.st_mode & 0777, 0600, "the permissions changed");
}

Test(outputs, follows_a_link_to_what_does_not_exist) {
    struct tool_message error = {""};
    cr_assert_eq(symlink("other", "link"), 0);
    write_file("new", "new");
    cr_expect(tool_output_move("new", "link", &error), "%s", error.text);
    expect_text("other", "new");
    expect_link("link");
}

Test(outputs, writes_through_a_fifo) {
    struct tool_message error = {""};
    char found[8] = "";
    cr_assert_eq(mkfifo("fifo", 0600), 0);
    const int reader = open("fifo", O_RDONLY | O_NONBLOCK);
    write_file("new", "new");
    cr_expect(tool_output_move("new", "fifo", &error), "%s", error.text);
    cr_expect_eq(read(reader, found, sizeof found), 3);
    cr_expect_str_eq(found, "new");
    close(reader);
    struct stat status;
    cr_expect(lstat("fifo", &status) == 0 && S_ISFIFO(status.st_mode), "the FIFO is gone");
}

Test(outputs, appends_where_the_shell_does) {
    static const char *const names[] = {"-", "/dev/stdout", "file"};
    struct tool_message error = {""};
    write_file("file", "before ");
    fflush(stdout);
    const int append = open("file", O_WRONLY | O_APPEND);
    cr_assert(append >= 0 && dup2(append, STDOUT_FILENO) >= 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        write_file("new", "new ");
        cr_expect(tool_output_move("new", names[i], &error), "%s: %s", names[i], error.text);
    }
    cr_expect_eq(tool_output_stream("file"), STDOUT_FILENO);
    cr_expect_eq(tool_output_stream("new"), -1);
    cr_expect_eq(tool_output_stream("other"), -1);
    FILE *opened = tool_output_open("/dev/stdout", &error);
    cr_assert(opened && fputs("last", opened) >= 0 && fclose(opened) == 0);
    expect_text("file", "before new new new last");
}

Test(outputs, names_a_folder_and_a_full_device) {
    struct tool_message error = {""};
    expect_refused(folder, "Is a directory");
    if (access("/dev/full", W_OK) == 0) {
        write_file("new", "new");
        cr_expect_not(tool_output_move("new", "/dev/full", &error));
        cr_expect(strstr(error.text, "cannot write /dev/full"), "%s", error.text);
        cr_expect_eq(access("/dev/full", W_OK), 0, "the device is gone");
    }
}
