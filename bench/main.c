/* norma-bench: the table of sub-commands. A sub-command is one folder and one line here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "bench/compare/compare.h"
#include "bench/explain/explain.h"
#include "bench/machine/machine.h"
#include "bench/run/run.h"
#include "bench/tune/tune.h"
#include "verify/harness/tool/tool.h"
#include <norma.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *text;
} commands[] = {
    {"run", bench_run, "time implementations against each other and against a copy"},
    {"explain", bench_explain, "print what a plan decided, and where its time goes"},
    {"tune", bench_tune, "find how norma is fastest on this machine, and write its profile"},
    {"machine", bench_machine, "print what is known about this machine, and its ceilings"},
    {"compare", bench_compare, "find out whether one file of results is slower than another"},
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

/* Prints what shells complete, as the sub-commands do for their options. */
static void list_commands(void) {
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        printf("%s\t\t\t%s\n", commands[i].name, commands[i].text);
    }
}

static void print_help(void) {
    printf("Usage: norma-bench COMMAND [OPTION]...\n\nCommands:\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        printf("  %-10s %s\n", commands[i].name, commands[i].text);
    }
    printf("\nExamples:\n"
           "  norma-bench run bn:8x64x56x56\n"
           "  norma-bench run --help\n"
           "  norma-bench explain bn:8x64x56x56\n"
           "  norma-bench tune\n"
           "  norma-bench machine --quick\n"
           "  norma-bench compare base.jsonl new.jsonl\n");
}

/* Keeps hwloc's messages, as where a container lacks /sys, off standard error, unless the user's
 * environment says otherwise. */
static void silence_hwloc(void) {
    setenv("HWLOC_HIDE_ERRORS", "2", 0);
}

/* Returns the number of a command; COMMAND_COUNT if there is none of this name. */
static size_t find_command(const char *name) {
    size_t i = 0;
    while (i < COMMAND_COUNT && strcmp(name, commands[i].name) != 0) {
        i++;
    }
    return i;
}

/* Has a command print its help, or what shells complete. Returns its exit code. */
static int ask_command(size_t command, char *option) {
    char *asked[] = {(char *)commands[command].name, option, NULL};
    return commands[command].run(2, asked);
}

/* Prints what shells complete behind this word: the options of a command, else the commands. That
 * is one call, so that a key that is pressed starts one process. */
static int complete(const char *word) {
    const size_t command = find_command(word);
    if (command < COMMAND_COUNT) {
        return ask_command(command, "--complete");
    }
    list_commands();
    return tool_finish_stdout(TOOL_EXIT_FINE);
}

/* Runs a command, or its --help. Returns its exit code. */
static int run_command(int argc, char **argv, bool help) {
    const size_t command = find_command(argv[0]);
    if (command < COMMAND_COUNT) {
        return help ? ask_command(command, "--help") : commands[command].run(argc, argv);
    }
    tool_say("there is no command '%s'; norma-bench --help lists them", argv[0]);
    return TOOL_EXIT_USAGE;
}

int main(int argc, char **argv) {
    tool_program_begin("norma-bench", norma_version());
    silence_hwloc();
    tool_threads_settle();
    const char *name = argc > 1 ? argv[1] : "";
    const bool help = strcmp(name, "help") == 0;
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 ||
        (help && (argc == 2 || strcmp(argv[2], name) == 0))) {
        print_help();
        return tool_finish_stdout(TOOL_EXIT_FINE);
    }
    if (strcmp(name, "--complete") == 0) {
        return complete(argc > 2 ? argv[2] : "");
    }
    if (strcmp(name, "--version") == 0) {
        printf("norma-bench %s\n", norma_version());
        return tool_finish_stdout(TOOL_EXIT_FINE);
    }
    if (argc > 1) {
        return run_command(argc - 1 - help, argv + 1 + help, help);
    }
    tool_say("name a command; norma-bench --help lists them");
    return TOOL_EXIT_USAGE;
}
