/* Command lines from tables: one row for each option gives the parser (getopt_long), --help and the
 * completions of shells (ci/packaging/completions). --help and --version need no row.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_OPTIONS_H
#define VERIFY_HARNESS_TOOL_OPTIONS_H

#include <norma_tools.h>
#include <stdbool.h>
#include <stddef.h>

struct tool_option;

/* Stores the value of an option in its target. The text is NULL if no value was given. Returns
 * false after it has said what is wrong with the value. */
typedef bool tool_take(const struct tool_option *option, const char *text, void *target);

/* A row: an option; an operand, if it has no name; a heading, if it has no argument either. */
struct tool_option {
    const char *name;                /* without the dashes */
    char letter;                     /* short form; 0: none */
    const char *argument;            /* name of its value in --help; NULL: it takes no value */
    tool_take *take;                 /* one of those below, or a function of the program */
    size_t offset;                   /* of the target in the struct that is filled */
    const char *help;                /* one paragraph, which --help breaks into lines */
    const char *(*value)(int index); /* names of the values, then NULL, if it is a choice */
    int number;                      /* for tool_take_count and tool_take_fixed */
    bool optional;                   /* its value may be left out */
};

tool_take tool_take_text;    /* any text (const char *) */
tool_take tool_take_flag;    /* no value: stores true (bool) */
tool_take tool_take_fixed;   /* no value: stores `number` (int) */
tool_take tool_take_choice;  /* one of the values: stores its index (int) */
tool_take tool_take_second;  /* one of two values: stores whether it is the second (bool) */
tool_take tool_take_choices; /* a list of values: stores which are in it (array of bool) */
tool_take tool_take_count;   /* a number from 1 to `number` (int) */
tool_take tool_take_seed;    /* any number (uint64_t) */
tool_take tool_take_seconds; /* a number above 0 (double) */
tool_take tool_take_size;    /* bytes, with an optional unit (uint64_t) */
tool_take tool_take_list;    /* a list, which replaces an earlier one (struct tool_list) */
tool_take tool_take_item;    /* one more item of a list (struct tool_list) */

/* Take values that the program keeps in two places (arguments.h). */
bool tool_take_threads(const struct tool_option *option, const char *text, int *threads,
                       size_t *count);
bool tool_take_shard(const struct tool_option *option, const char *text, size_t *index,
                     size_t *count);

/* Says what the value of the option should have been, and returns false. */
bool tool_wrong_value(const struct tool_option *option, const char *value, const char *expected);

/* Returns "; did you mean ...?", or "" if no name was near the word. The caller frees it. */
char *tool_guess_text(const struct norma_guess *guess);

/* An example in --help. */
struct tool_example {
    const char *command;
    const char *text; /* NULL: no explanation */
};

/* A program or sub-command. Texts are paragraphs, which --help breaks into lines; a line that
 * begins with a blank is printed as it is. */
struct tool_command {
    const char *name;    /* "norma-bench run" */
    const char *usage;   /* its options and operands in short: "[OPTION]... FILE" */
    const char *summary; /* what it is for */
    const struct tool_example *examples;
    size_t example_count;
    const struct tool_option *options;
    size_t option_count;
    const char *notes;         /* after the options; NULL: none */
    void (*print_lists)(void); /* prints what --help ends with; NULL: nothing */
};

/* Defines a function for `value` of an option that returns these names, then NULL. */
#define TOOL_VALUES(function, ...)                                                                 \
    static const char *function(int index) {                                                       \
        static const char *const names[] = {__VA_ARGS__, NULL};                                    \
        return names[index];                                                                       \
    }

/* The words that are no options. */
struct tool_operands {
    char **items;
    size_t count;
};

enum tool_options_end {
    TOOL_OPTIONS_RUN,  /* go on */
    TOOL_OPTIONS_DONE, /* --help and the like: all was printed */
    TOOL_OPTIONS_WRONG /* with a message */
};

/* Turns the word help alone into --help, for a program without commands: a file of that name is
 * ./help. Must be called before tool_options_read. */
void tool_options_take_help(int argc, char **argv);

/* Fills the struct that the offsets refer to. Must be called with the defaults in it. The operands
 * are in argv, whose order changes. */
enum tool_options_end tool_options_read(const struct tool_command *command, int argc, char **argv,
                                        void *options, struct tool_operands *operands);

#endif
