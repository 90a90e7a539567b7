/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* getopt_long */
#include "verify/harness/tool/options.h"
#include "verify/harness/tool/arguments.h"
#include "verify/harness/tool/memory.h"
#include "verify/harness/tool/message.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- values ---------------------------------------------------------------------------------- */

bool tool_wrong_value(const struct tool_option *option, const char *value, const char *expected) {
    tool_say("--%s: expected %s, found '%s'", option->name, expected, value);
    return false;
}

bool tool_take_text(const struct tool_option *option, const char *text, void *target) {
    (void)option;
    *(const char **)target = text;
    return true;
}

bool tool_take_flag(const struct tool_option *option, const char *text, void *target) {
    (void)option, (void)text;
    *(bool *)target = true;
    return true;
}

bool tool_take_fixed(const struct tool_option *option, const char *text, void *target) {
    (void)text;
    *(int *)target = option->number;
    return true;
}

bool tool_take_count(const struct tool_option *option, const char *text, void *target) {
    int64_t number;
    if (!tool_read_integer(text, 1, option->number, &number)) {
        char expected[64];
        snprintf(expected, sizeof expected, "a number from 1 to %d", option->number);
        return tool_wrong_value(option, text, expected);
    }
    *(int *)target = (int)number;
    return true;
}

bool tool_take_seed(const struct tool_option *option, const char *text, void *target) {
    return tool_read_seed(text, target) || tool_wrong_value(option, text, "a number");
}

bool tool_take_seconds(const struct tool_option *option, const char *text, void *target) {
    return tool_read_seconds(text, target) ||
           tool_wrong_value(option, text, "seconds above 0, e.g. 0.5");
}

bool tool_take_size(const struct tool_option *option, const char *text, void *target) {
    return tool_read_size(text, target) || tool_wrong_value(option, text, "bytes, e.g. 800M or 4G");
}

bool tool_take_list(const struct tool_option *option, const char *text, void *target) {
    (void)option;
    tool_list_split(target, text);
    return true;
}

bool tool_take_item(const struct tool_option *option, const char *text, void *target) {
    (void)option;
    tool_list_add(target, text);
    return true;
}

bool tool_take_threads(const struct tool_option *option, const char *text, int *threads,
                       size_t *count) {
    return tool_read_threads(text, threads, count) ||
           tool_wrong_value(option, text, "numbers of threads, e.g. 1,2,4");
}

bool tool_take_shard(const struct tool_option *option, const char *text, size_t *index,
                     size_t *count) {
    return tool_read_shard(text, index, count) ||
           tool_wrong_value(option, text, "I/N with I from 1 to N, e.g. 2/8");
}

char *tool_guess_text(const struct norma_guess *guess) {
    return guess->name ? tool_text("; did you mean %s?", guess->name) : tool_copy_text("");
}

/* Says that the value should have been one of the names, or `some` of them. */
static bool wrong_name(const struct tool_option *option, const char *name, const char *some) {
    struct tool_stream names;
    struct norma_guess guess = norma_guess_of(name, (int)strlen(name));
    tool_stream_open(&names);
    fputs(some, names.stream);
    for (int i = 0; option->value(i); i++) {
        const bool last = !option->value(i + 1);
        const char *between = i == 0 ? "" : last && !*some ? " or " : ", ";
        fprintf(names.stream, "%s%s", between, option->value(i));
        norma_guess_try(&guess, option->value(i));
    }
    char *expected = tool_stream_close(&names), *meant = tool_guess_text(&guess);
    tool_say("--%s: expected %s, found '%s'%s", option->name, expected, name, meant);
    free(expected);
    free(meant);
    return false;
}

/* Returns which value has this name; -1: none. */
static int find_value(const struct tool_option *option, const char *name) {
    int index = 0;
    while (option->value(index) && strcmp(option->value(index), name) != 0) {
        index++;
    }
    return option->value(index) ? index : -1;
}

bool tool_take_choice(const struct tool_option *option, const char *text, void *target) {
    const int index = find_value(option, text);
    if (index < 0) {
        return wrong_name(option, text, "");
    }
    *(int *)target = index;
    return true;
}

bool tool_take_second(const struct tool_option *option, const char *text, void *target) {
    int index = 0;
    const bool known = tool_take_choice(option, text, &index);
    *(bool *)target = index == 1;
    return known;
}

bool tool_take_choices(const struct tool_option *option, const char *text, void *target) {
    bool *chosen = target;
    bool known = true;
    struct tool_list names = {NULL, 0};
    for (int i = 0; option->value(i); i++) {
        chosen[i] = false;
    }
    tool_list_split(&names, text);
    for (size_t i = 0; i < names.count && known; i++) {
        const int index = find_value(option, names.items[i]);
        known = index >= 0 || wrong_name(option, names.items[i], "some of ");
        if (known) {
            chosen[index] = true;
        }
    }
    tool_list_free(&names);
    return known;
}

/* ---- --help ---------------------------------------------------------------------------------- */

enum { WIDTH = 79, MEANING = 26, EXAMPLE_MEANING = 42 };

/* Prints the words up to the end of the line, from this column on, and those that do not fit below
 * each other at `indent`. Returns what follows the line. */
static const char *print_words(const char *text, int column, int indent) {
    bool first = true;
    while (*text && *text != '\n') {
        const int length = (int)strcspn(text, " \n");
        if (!first && column + 1 + length > WIDTH) {
            printf("\n%*s", indent, "");
            column = indent;
        } else if (!first) {
            putchar(' ');
            column++;
        }
        printf("%.*s", length, text);
        column += length;
        first = false;
        text += length + (text[length] == ' ');
    }
    putchar('\n');
    return text + (*text == '\n');
}

static void print_paragraphs(const char *text) {
    while (*text) {
        if (*text == ' ') {
            const int length = (int)strcspn(text, "\n");
            printf("%.*s\n", length, text);
            text += length + (text[length] == '\n');
        } else {
            text = print_words(text, 0, 0);
        }
    }
}

/* Prints an entry and its meaning at this column, or below where the entry is too long. */
static void print_entry(const char *entry, const char *meaning, int column) {
    const int length = (int)strlen(entry);
    fputs(entry, stdout);
    if (!meaning) {
        putchar('\n');
        return;
    }
    if (length + 2 > column) {
        printf("\n%*s", column, "");
    } else {
        printf("%*s", column - length, "");
    }
    print_words(meaning, column, column);
}

static void print_option(const struct tool_option *option) {
    char entry[80], letter[8] = "    ";
    const char *before = !option->argument ? "" : option->optional ? "[=" : " ";
    if (option->letter) {
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    }
    snprintf(entry, sizeof entry, "  %s--%s%s%s%s", letter, option->name, before,
             option->argument ? option->argument : "", option->optional ? "]" : "");
    print_entry(entry, option->help, MEANING);
}

static void print_row(const struct tool_option *row) {
    if (row->name) {
        print_option(row);
    } else if (row->argument) {
        char entry[80];
        snprintf(entry, sizeof entry, "  %s", row->argument);
        print_entry(entry, row->help, MEANING);
    } else {
        printf("\n%s:\n", row->help);
    }
}

static const struct tool_option common[] = {
    {.name = "help", .letter = 'h', .help = "print this text"},
    {.name = "version", .help = "print the version"},
};

static void print_examples(const struct tool_command *command) {
    if (command->example_count > 0) {
        printf("\nExamples:\n");
    }
    for (size_t i = 0; i < command->example_count; i++) {
        char entry[256];
        snprintf(entry, sizeof entry, "  %s", command->examples[i].command);
        print_entry(entry, command->examples[i].text, EXAMPLE_MEANING);
    }
}

static void print_help(const struct tool_command *command) {
    printf("Usage: %s %s\n\n", command->name, command->usage);
    print_paragraphs(command->summary);
    print_examples(command);
    for (size_t i = 0; i < command->option_count; i++) {
        print_row(&command->options[i]);
    }
    print_option(&common[0]);
    print_option(&common[1]);
    if (command->notes) {
        putchar('\n');
        print_paragraphs(command->notes);
    }
    if (command->print_lists) {
        putchar('\n');
        command->print_lists();
    }
}

/* ---- completions ----------------------------------------------------------------------------- */

static const char *pass(unsigned value) {
    return norma_pass_name((norma_pass)value);
}

static const char *layout(unsigned value) {
    return norma_layout_name((norma_layout)value);
}

static const char *dtype(unsigned value) {
    return norma_dtype_name((norma_dtype)value);
}

static const char *epilogue(unsigned value) {
    return norma_epilogue_name((norma_epilogue)value);
}

/* Prints the values of a choice, or norma's sets where one of these is taken, which this machine
 * can run. */
static void list_values(const struct tool_option *option) {
    const bool set = option->argument && strcmp(option->argument, "SET") == 0;
    for (int i = 0; option->value && option->value(i); i++) {
        printf("%s%s", i > 0 ? " " : "", option->value(i));
    }
    const char *between = "";
    for (size_t i = 0; set && norma_set_name(i); i++) {
        if (norma_set_available(i)) {
            printf("%s%s", between, norma_set_name(i));
            between = " ";
        }
    }
}

static void list_spelling(const char *dashes, const char *name, const struct tool_option *option) {
    printf("%s%s\t%s\t", dashes, name, option->argument ? option->argument : "");
    list_values(option);
    printf("\t%s\n", option->help);
}

static void list_option(const struct tool_option *option) {
    const char letter[] = {option->letter, '\0'};
    if (option->letter) {
        list_spelling("-", letter, option);
    }
    list_spelling("--", option->name, option);
}

/* Prints the names for a key's value; the key alone if they are no choice. */
static void list_key(const char *key) {
    static const struct {
        const char *key;
        const char *(*name)(unsigned value);
    } choices[] = {{"pass", pass}, {"layout", layout}, {"dtype", dtype}, {"epilogue", epilogue}};
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        if (strcmp(choices[i].key, key) == 0) {
            for (unsigned value = 0; choices[i].name(value); value++) {
                printf("%s=%s ", key, choices[i].name(value));
            }
            return;
        }
    }
    printf("%s= ", key);
}

/* Prints a line for each operator: how its problems begin, and the keys with which they end. */
static void list_problems(void) {
    for (int op = 0; op < NORMA_OPERATOR_COUNT; op++) {
        printf("%s:\tPROBLEM\t", norma_operator_name((norma_operator)op));
        for (size_t i = 0; norma_operator_key((norma_operator)op, i); i++) {
            list_key(norma_operator_key((norma_operator)op, i));
        }
        printf("\t%s\n", norma_operator_text((norma_operator)op));
    }
}

/* Prints what shells complete, a line for each spelling of an option: the spelling, the name of its
 * value, the values that there are and the meaning, with tabs between them. Where problems are
 * taken, a line for each operator follows, and where files are, a line that says so. */
static void list_options(const struct tool_command *command) {
    for (size_t i = 0; i < command->option_count; i++) {
        if (command->options[i].name) {
            list_option(&command->options[i]);
        }
    }
    list_option(&common[0]);
    list_option(&common[1]);
    const bool operands = command->usage[strcspn(command->usage, " ")] != '\0';
    if (strstr(command->usage, "PROBLEM")) {
        list_problems();
    } else if (operands) {
        printf("FILE\t\t\t\n");
    }
}

/* ---- the command line ------------------------------------------------------------------------ */

enum { FIRST_CODE = 256, VERSION = 255 };

/* The table as getopt_long takes it. */
struct grammar {
    struct option *words;
    size_t count;
    char *letters;
};

static void add_option(struct grammar *grammar, const struct tool_option *option, int code) {
    const int value = !option->argument  ? no_argument
                      : option->optional ? optional_argument
                                         : required_argument;
    grammar->words[grammar->count++] = (struct option){option->name, value, NULL, code};
    if (option->letter) {
        const char letter[] = {option->letter, option->argument ? ':' : '\0', '\0'};
        strcat(grammar->letters, letter);
    }
}

/* The code of an option is FIRST_CODE and its row's number; where the short form was used,
 * getopt_long returns the letter instead. */
static struct grammar make_grammar(const struct tool_command *command) {
    struct grammar grammar = {
        .words = tool_allocate(command->option_count + 3, sizeof(struct option)),
        .letters = tool_allocate(command->option_count + 2, 2),
    };
    for (size_t i = 0; i < command->option_count; i++) {
        if (command->options[i].name) {
            add_option(&grammar, &command->options[i], FIRST_CODE + (int)i);
        }
    }
    add_option(&grammar, &common[0], 'h');
    add_option(&grammar, &common[1], VERSION);
    return grammar;
}

static const struct tool_option *find_option(const struct tool_command *command, int code) {
    for (size_t i = 0; i < command->option_count; i++) {
        const struct tool_option *option = &command->options[i];
        if (option->name && (code == FIRST_CODE + (int)i || code == option->letter)) {
            return option;
        }
    }
    return NULL;
}

/* Answers --help and --version. Returns whether the option was one of these. */
static bool is_answered(const struct tool_command *command, int code) {
    if (code == 'h') {
        print_help(command);
    } else if (code == VERSION) {
        printf("%s %s\n", tool_program_name(), tool_program_version());
    }
    return code == 'h' || code == VERSION;
}

/* Says what to do about an option, which getopt_long has said is wrong: that it is unknown, lacks
 * its value, or is an abbreviation of several. A name is guessed only for one that is unknown. */
static void say_wrong_option(const struct tool_command *command, const char *word) {
    struct norma_guess guess = norma_guess_of(word + 2, (int)strcspn(word + 2, "="));
    for (size_t i = 0; i < command->option_count; i++) {
        if (command->options[i].name) {
            norma_guess_try(&guess, command->options[i].name);
        }
    }
    if (guess.name && strncmp(guess.name, guess.word, (size_t)guess.length) != 0) {
        tool_say("did you mean --%s? see %s --help", guess.name, command->name);
    } else {
        tool_say("see %s --help", command->name);
    }
}

static bool take(const struct tool_command *command, int code, const char *word, void *options) {
    const struct tool_option *option = find_option(command, code);
    if (!option) {
        say_wrong_option(command, strncmp(word, "--", 2) == 0 ? word : "--");
        return false;
    }
    return option->take(option, optarg, (char *)options + option->offset);
}

static enum tool_options_end read_all(const struct tool_command *command,
                                      const struct grammar *grammar, int argc, char **argv,
                                      void *options) {
    int code;
    while ((code = getopt_long(argc, argv, grammar->letters, grammar->words, NULL)) != -1) {
        if (is_answered(command, code)) {
            return TOOL_OPTIONS_DONE;
        }
        if (!take(command, code, argv[optind - 1], options)) {
            return TOOL_OPTIONS_WRONG;
        }
    }
    return TOOL_OPTIONS_RUN;
}

void tool_options_take_help(int argc, char **argv) {
    static char help[] = "--help";
    if (argc == 2 && strcmp(argv[1], "help") == 0) {
        argv[1] = help;
    }
}

enum tool_options_end tool_options_read(const struct tool_command *command, int argc, char **argv,
                                        void *options, struct tool_operands *operands) {
    if (argc > 1 && strcmp(argv[1], "--complete") == 0) { /* whatever words follow */
        list_options(command);
        return TOOL_OPTIONS_DONE;
    }
    struct grammar grammar = make_grammar(command);
    argv[0] = (char *)command->name; /* with which getopt_long begins its messages */
    optind = 0;                      /* glibc: starts anew, whatever was parsed before */
    const enum tool_options_end end = read_all(command, &grammar, argc, argv, options);
    *operands = (struct tool_operands){argv + optind, (size_t)(argc - optind)};
    free(grammar.words);
    free(grammar.letters);
    return end;
}
