/* Command lines from tables: one row for each option gives the parser (getopt_long), --help and the
 * completions of shells (ci/packaging/completions). --help and --version need no row.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_OPTIONS_H
#define VERIFY_HARNESS_TOOL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct tool_option;

/* Stores the value of an option in its target. The text is NULL where no value was given. Returns
 * false after it has said what is wrong with the value. */
typedef bool tool_take(const struct tool_option *option, const char *text, void *target);

/* A row: an option; without a name, an operand; without an argument as well, a heading. */
struct tool_option {
    const char *name;                /* without the dashes */
    char letter;                     /* its short form; 0: none */
    const char *argument;            /* the value's name in --help; NULL: takes no value */
    tool_take *take;                 /* one of those below, or the program's own */
    size_t offset;                   /* of the target in the struct that is filled */
    const char *help;                /* one paragraph; tool_options_read breaks the lines */
    const char *(*value)(int index); /* names of the values, then NULL; for take_choice, -choices */
    int number;                      /* for tool_take_count and -fixed */
    bool optional;                   /* the value may be left out */
};

/* Take any text, no value, the value as a choice, one or several of the names that `value` gives.
 * The targets are a const char *, a bool, an int and an array of bool. */
tool_take tool_take_text, tool_take_flag, tool_take_choice, tool_take_choices;

/* Take a number from 1 to `number` (int), any number (uint64_t), seconds above 0 (double) and bytes
 * with an optional unit (uint64_t). */
tool_take tool_take_count, tool_take_seed, tool_take_seconds, tool_take_size;

/* Takes no value and stores `number` (int). */
tool_take tool_take_fixed;

/* Take a comma-separated list, which replaces what an earlier option gave, and one more item of a
 * list (struct tool_list). */
tool_take tool_take_list, tool_take_item;

/* Read values whose parts the program keeps in places of its own; see arguments.h. */
bool tool_take_threads(const struct tool_option *option, const char *text, int *threads,
                       size_t *count);
bool tool_take_shard(const struct tool_option *option, const char *text, size_t *index,
                     size_t *count);

/* Says what the value of the option should have been, and returns false. */
bool tool_wrong_value(const struct tool_option *option, const char *value, const char *expected);

/* A command in --help, and what it does or shows. */
struct tool_example {
    const char *command, *text; /* NULL: it speaks for itself */
};

/* Texts are paragraphs that tool_options_read breaks into lines; a line that begins with a blank is
 * printed as it is. */
struct tool_command {
    const char *name;    /* "norma-bench run" */
    const char *usage;   /* its options and operands, in short */
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

/* What is not an option. */
struct tool_operands {
    char **items;
    size_t count;
};

enum tool_options_end {
    TOOL_OPTIONS_RUN,  /* go on */
    TOOL_OPTIONS_DONE, /* --help and the like: all was printed */
    TOOL_OPTIONS_WRONG /* with a message */
};

/* Fills the struct that the offsets refer to. Must be called with the defaults in it. The operands
 * are in argv, whose order changes. */
enum tool_options_end tool_options_read(const struct tool_command *command, int argc, char **argv,
                                        void *options, struct tool_operands *operands);

#endif
