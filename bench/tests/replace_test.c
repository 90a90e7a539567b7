/* Files are replaced as a whole or not at all.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _XOPEN_SOURCE 700
#include "bench/tests/files.h"
#include "bench/tune/replace.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

TestSuite(replace, .init = make_folder, .fini = remove_folder);

static void expect_text(const char *text) {
    char found[64] = "";
    FILE *file = fopen(test_path, "r");
    cr_assert_not_null(file);
    found[fread(found, 1, sizeof found - 1, file)] = '\0';
    fclose(file);
    cr_expect_str_eq(found, text);
}

static int count_files(void) {
    int count = 0;
    DIR *folder = opendir(test_folder);
    while (readdir(folder)) {
        count++;
    }
    closedir(folder);
    return count - 2; /* without "." and ".." */
}

Test(replace, a_new_file) {
    struct tool_message error;
    cr_assert(bench_replace_prepare(test_path, &error));
    cr_expect_eq(count_files(), 0, "asking makes none");
    cr_assert(bench_replace_file(test_path, "one\n", &error));
    expect_text("one\n");
    cr_expect_eq(count_files(), 1);
}

Test(replace, what_is_there_keeps_its_rights) {
    struct tool_message error;
    struct stat status;
    write_text("one, and longer\n");
    chmod(test_path, 0640);
    cr_assert(bench_replace_prepare(test_path, &error));
    expect_text("one, and longer\n");
    cr_assert(bench_replace_file(test_path, "two\n", &error));
    expect_text("two\n");
    cr_assert(stat(test_path, &status) == 0);
    cr_expect_eq(status.st_mode & 0777, 0640);
    cr_expect_eq(count_files(), 1);
}

Test(replace, what_is_set_aside_is_never_lost) {
    struct tool_message error;
    char *kept;
    for (int i = 1; i <= 3; i++) {
        char name[128];
        write_text("one\n");
        cr_assert(bench_replace_set_aside(test_path, &kept, &error), "%s", error.text);
        snprintf(name, sizeof name, i == 1 ? "%s.broken" : "%s.broken.%d", test_path, i);
        cr_expect_str_eq(kept, name);
        cr_expect_eq(count_files(), i);
        free(kept);
    }
    cr_expect_not(bench_replace_set_aside(test_path, &kept, &error));
    cr_expect_null(kept);
    cr_expect(strstr(error.text, "No such file"), "%s", error.text);
}

Test(replace, a_link_stays_a_link) {
    struct tool_message error;
    struct stat status;
    char link_path[96];
    snprintf(link_path, sizeof link_path, "%s/link", test_folder);
    write_text("one\n");
    cr_assert(symlink(test_path, link_path) == 0);
    cr_assert(bench_replace_file(link_path, "two\n", &error));
    expect_text("two\n");
    cr_expect(lstat(link_path, &status) == 0 && S_ISLNK(status.st_mode));
    unlink(link_path);
}

Test(replace, a_new_file_has_the_usual_rights) {
    struct tool_message error;
    struct stat status;
    umask(027);
    cr_assert(bench_replace_file(test_path, "one\n", &error), "%s", error.text);
    cr_assert(stat(test_path, &status) == 0);
    cr_expect_eq(status.st_mode & 0777, 0640);
}

Test(replace, nothing_stays_in_the_temporary_folder) {
    struct tool_message error;
    char fifo[96];
    snprintf(fifo, sizeof fifo, "%s/fifo", test_folder);
    cr_assert(setenv("TMPDIR", test_folder, 1) == 0 && mkfifo(fifo, 0600) == 0);
    const int reader = open(fifo, O_RDONLY | O_NONBLOCK);
    cr_assert(bench_replace_prepare(fifo, &error), "%s", error.text);
    cr_assert(bench_replace_file(fifo, "one\n", &error), "%s", error.text);
    char found[8] = "";
    cr_expect_eq(read(reader, found, sizeof found), 4);
    cr_expect_str_eq(found, "one\n");
    cr_expect_eq(count_files(), 1, "the FIFO alone");
    close(reader);
    unlink(fifo);
}

Test(replace, an_input_is_no_output) {
    struct tool_message error = {""};
    write_text("one\n");
    tool_input_note(test_path);
    cr_expect_not(bench_replace_prepare(test_path, &error));
    cr_expect(strstr(error.text, "it is an input"), "%s", error.text);
    cr_expect_not(bench_replace_file(test_path, "two\n", &error));
    expect_text("one\n");
}

Test(replace, what_cannot_be_written_is_said) {
    struct tool_message error = {""};
    cr_expect(!bench_replace_prepare(test_folder, &error));
    cr_expect(strstr(error.text, "Is a directory"), "%s", error.text);
    write_text("one\n");
    char below[96];
    snprintf(below, sizeof below, "%s/below", test_path);
    cr_expect(!bench_replace_prepare(below, &error));
    cr_expect(strstr(error.text, "Not a directory"), "%s", error.text);
    cr_expect(!bench_replace_file(below, "two\n", &error));
    cr_expect(!bench_replace_file("/dev/full", "two\n", &error));
    cr_expect(strstr(error.text, "No space left"), "%s", error.text);
    expect_text("one\n");
    cr_expect_eq(count_files(), 1);
}
