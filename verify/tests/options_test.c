/* Checks which texts are values of options, and what a table of options makes of a command line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>

Test(arguments, integers) {
    int64_t value = -1;
    cr_expect(tool_read_integer("12", 1, 12, &value));
    cr_expect_eq(value, 12);
    const char *const wrong[] = {"",  " 1", "1 ", "+1",  "-1",
                                 "0", "13", "1x", "0x1", "99999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cr_expect_not(tool_read_integer(wrong[i], 1, 12, &value), "'%s'", wrong[i]);
    }
    cr_expect_eq(value, 12);
}

Test(arguments, seeds) {
    uint64_t value = 0;
    cr_expect(tool_read_seed("18446744073709551615", &value));
    cr_expect_eq(value, UINT64_MAX);
    cr_expect_not(tool_read_seed("18446744073709551616", &value));
    cr_expect_not(tool_read_seed("-1", &value));
}

Test(arguments, seconds) {
    double value = 0;
    cr_expect(tool_read_seconds("0.25", &value));
    cr_expect_eq(value, 0.25);
    const char *const wrong[] = {"", "0", "-1", "inf", "nan", "1s"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cr_expect_not(tool_read_seconds(wrong[i], &value), "'%s'", wrong[i]);
    }
}

Test(arguments, sizes) {
    uint64_t value = 0;
    cr_expect(tool_read_size("4G", &value));
    cr_expect_eq(value, (uint64_t)4 << 30);
    cr_expect(tool_read_size("800m", &value));
    cr_expect_eq(value, (uint64_t)800 << 20);
    cr_expect(tool_read_size("123", &value));
    cr_expect_eq(value, 123);
    const char *const wrong[] = {"", "0", "G", "4GB", "4Q", "-4", "99999999999T"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cr_expect_not(tool_read_size(wrong[i], &value), "'%s'", wrong[i]);
    }
}

Test(arguments, shards) {
    size_t index = 0, of = 0;
    cr_expect(tool_read_shard("2/8", &index, &of));
    cr_expect_eq(index, 2);
    cr_expect_eq(of, 8);
    const char *const wrong[] = {"", "2", "2/", "/8", "0/8", "9/8", "1/0", "1/8x", "1-8"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cr_expect_not(tool_read_shard(wrong[i], &index, &of), "'%s'", wrong[i]);
    }
}

Test(arguments, lists) {
    struct tool_list list = {NULL, 0};
    tool_list_split(&list, "a,bc,,d");
    cr_assert_eq(list.count, 4);
    cr_expect_str_eq(list.items[1], "bc");
    cr_expect_str_eq(list.items[2], "");
    cr_expect_str_eq(list.items[3], "d");
    cr_expect(tool_list_has(&list, "d"));
    cr_expect_not(tool_list_has(&list, "b"));
    tool_list_split(&list, "e");
    cr_assert_eq(list.count, 1, "a later option replaces the list");
    cr_expect_str_eq(list.items[0], "e");
    tool_list_free(&list);
    cr_expect_eq(list.count, 0);
}

Test(arguments, threads) {
    int threads[TOOL_THREAD_COUNTS] = {0};
    size_t count = 0;
    cr_assert(tool_read_threads("4,1,4,2", threads, &count));
    cr_assert_eq(count, 3);
    cr_expect_eq(threads[0], 4);
    cr_expect_eq(threads[1], 1);
    cr_expect_eq(threads[2], 2);
    cr_expect_not(tool_read_threads("1,,2", threads, &count));
    cr_expect_not(tool_read_threads("4097", threads, &count));
}

/* ---- tables ---------------------------------------------------------------------------------- */

TOOL_VALUES(colour_name, "red", "green", "blue")

struct paint {
    bool dry;
    const char *can;
    int colour, coats, level;
    bool shades[3];
    struct tool_list brushes;
};

#define OF(member) offsetof(struct paint, member)

static const struct tool_option rows[] = {
    {.help = "Options"},
    {"dry", 0, NULL, tool_take_flag, OF(dry), .help = "let it dry"},
    {"output", 'o', "CAN", tool_take_text, OF(can), .help = "the can"},
    {"colour", 0, "COLOUR", tool_take_choice, OF(colour), .help = "red, green or blue",
     .value = colour_name},
    {"shades", 0, "LIST", tool_take_choices, OF(shades), .help = "several", .value = colour_name},
    {"coats", 0, "N", tool_take_count, OF(coats), .help = "coats", .number = 3},
    {"thick", 0, NULL, tool_take_fixed, OF(level), .help = "more paint", .number = 7},
    {"brush", 0, "BRUSH", tool_take_item, OF(brushes), .help = "a brush; may be given again"},
};

static const struct tool_example examples[] = {
    {"paint wall", "a wall"},
    {"paint --colour red --coats 2 --brush fine wall", "a wall"},
};

static const struct tool_command command = {
    .name = "paint",
    .usage = "[OPTION]... WALL...",
    .summary = "Paints walls, and goes on for so long about it that the line has to be broken, "
               "which it is.\n"
               "  as  it  is\n",
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .options = rows,
    .option_count = sizeof rows / sizeof rows[0],
    .notes = "Exit status: 0 fine.\n",
};

enum { MOST_WORDS = 12 };

/* Reads a command line of these words, up to NULL. */
static enum tool_options_end read_words(const char *const *words, struct paint *paint,
                                        struct tool_operands *operands) {
    static char *argv[MOST_WORDS + 2];
    int argc = 1;
    for (; words[argc - 1]; argc++) {
        argv[argc] = tool_copy_text(words[argc - 1]);
    }
    argv[argc] = NULL;
    *paint = (struct paint){.colour = -1};
    return tool_options_read(&command, argc, argv, paint, operands);
}

#define READ(...) read_words((const char *const[]){__VA_ARGS__, NULL}, &paint, &operands)

Test(options, fill_the_struct) {
    struct paint paint;
    struct tool_operands operands;
    cr_assert_eq(READ("north", "--dry", "-o", "tin", "--colour=blue", "--shades", "red,blue",
                      "--coats", "3", "--thick", "south"),
                 TOOL_OPTIONS_RUN);
    cr_expect(paint.dry);
    cr_expect_str_eq(paint.can, "tin");
    cr_expect_eq(paint.colour, 2);
    cr_expect(paint.shades[0] && !paint.shades[1] && paint.shades[2]);
    cr_expect_eq(paint.coats, 3);
    cr_expect_eq(paint.level, 7);
    cr_assert_eq(operands.count, 2);
    cr_expect_str_eq(operands.items[0], "north");
    cr_expect_str_eq(operands.items[1], "south");
}

Test(options, given_again_replace_but_items) {
    struct paint paint;
    struct tool_operands operands;
    cr_assert_eq(READ("--shades", "red", "--shades", "green", "--output", "a", "-ob", "--brush",
                      "x", "--brush", "y"),
                 TOOL_OPTIONS_RUN);
    cr_expect(!paint.shades[0] && paint.shades[1]);
    cr_expect_str_eq(paint.can, "b");
    cr_assert_eq(paint.brushes.count, 2);
    cr_expect_str_eq(paint.brushes.items[1], "y");
    cr_expect_eq(operands.count, 0);
}

/* Checks that the words are refused with this message. */
static void expect_wrong(const char *const *words, const char *message) {
    struct paint paint;
    struct tool_operands operands;
    cr_redirect_stderr();
    tool_program_begin("painter", "1.2");
    cr_expect_eq(read_words(words, &paint, &operands), TOOL_OPTIONS_WRONG);
    fflush(stderr);
    cr_expect_stderr_eq_str(message);
}

#define WRONG(message, ...) expect_wrong((const char *const[]){__VA_ARGS__, NULL}, message)

Test(options, name_the_values_that_there_are) {
    WRONG("painter: --colour: expected red, green or blue, found 'grey'\n", "--colour", "grey");
}

Test(options, name_what_a_list_may_hold) {
    WRONG("painter: --shades: expected some of red, green, blue, found ''\n", "--shades", "red,");
}

Test(options, name_the_range_of_a_number) {
    WRONG("painter: --coats: expected a number from 1 to 3, found '4'\n", "--coats", "4");
}

Test(options, that_do_not_exist_point_to_the_help) {
    WRONG("paint: unrecognized option '--wet'\npainter: see paint --help\n", "--wet");
}

/* Checks what these words make the table print. */
static void expect_printed(const char *const *words, const char *printed) {
    struct paint paint;
    struct tool_operands operands;
    cr_redirect_stdout();
    tool_program_begin("painter", "1.2");
    cr_expect_eq(read_words(words, &paint, &operands), TOOL_OPTIONS_DONE);
    fflush(stdout);
    cr_expect_stdout_eq_str(printed);
}

#define PRINTED(printed, ...) expect_printed((const char *const[]){__VA_ARGS__, NULL}, printed)

Test(options, print_their_version) {
    PRINTED("painter 1.2\n", "--version");
}

Test(options, are_the_help) {
    PRINTED("Usage: paint [OPTION]... WALL...\n"
            "\n"
            "Paints walls, and goes on for so long about it that the line has to be broken,\n"
            "which it is.\n"
            "  as  it  is\n"
            "\n"
            "Examples:\n"
            "  paint wall                              a wall\n"
            "  paint --colour red --coats 2 --brush fine wall\n"
            "                                          a wall\n"
            "\n"
            "Options:\n"
            "      --dry               let it dry\n"
            "  -o, --output CAN        the can\n"
            "      --colour COLOUR     red, green or blue\n"
            "      --shades LIST       several\n"
            "      --coats N           coats\n"
            "      --thick             more paint\n"
            "      --brush BRUSH       a brush; may be given again\n"
            "  -h, --help              print this text\n"
            "      --version           print the version\n"
            "\n"
            "Exit status: 0 fine.\n",
            "-h");
}

Test(options, are_what_shells_complete) {
    PRINTED("--dry\t\t\tlet it dry\n"
            "-o\tCAN\t\tthe can\n"
            "--output\tCAN\t\tthe can\n"
            "--colour\tCOLOUR\tred green blue\tred, green or blue\n"
            "--shades\tLIST\tred green blue\tseveral\n"
            "--coats\tN\t\tcoats\n"
            "--thick\t\t\tmore paint\n"
            "--brush\tBRUSH\t\ta brush; may be given again\n"
            "-h\t\t\tprint this text\n"
            "--help\t\t\tprint this text\n"
            "--version\t\t\tprint the version\n"
            "FILE\t\t\t\n",
            "--complete");
}
