/* The command line of norma-bench compare.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/compare/compare_options.h"
#include "bench/compare/same_machine.h"
#include <norma.h>

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: norma-bench compare [options] BASE NEW\n"
    "\n"
    "What became slower or faster from BASE to NEW, two files of norma-bench run (one may be -,\n"
    "standard input)? Says how much, how sure that is, and fails where a kernel became slower.\n"
    "\n"
    "Examples:\n"
    "  norma-bench compare base.jsonl new.jsonl\n"
    "  norma-bench compare --all base.jsonl new.jsonl              every row\n"
    "  norma-bench compare --threshold 2% base.jsonl new.jsonl     be strict\n"
    "  norma-bench compare --format markdown base.jsonl new.jsonl >>$GITHUB_STEP_SUMMARY\n"
    "  cat round*.jsonl | norma-bench compare base.jsonl -         several runs are rounds\n"
    "  norma-bench compare --different machine,system here.jsonl there.jsonl\n"
    "  ci/perf-gate main                            measures two revisions, then compares\n"
    "\n"
    "Options:\n"
    "  --threshold PERCENT     changes up to this do not count [5%]\n"
    "  --level RATE            most false discoveries among the changes [0.01]\n"
    "  --all                   rows of what did not change, too\n"
    "  --format FORMAT         table, jsonl or markdown [table]\n"
    "  --different A,B         compare although these differ: machine, system, build, libraries,\n"
    "                          profile, settings\n"
    "  --seed N                of the intervals [1]\n"
    "  -h, --help, --version\n"
    "\n"
    "A regression is a kernel whose 95% interval of NEW/BASE is above 1, whose ratio is above the\n"
    "threshold, and that a rank test finds slower, corrected for as many tests as there are "
    "kernels.\n"
    "Samples within a run depend on each other, runs do not: measure in rounds, BASE and NEW in\n"
    "turn, each appended to its file. Then rounds are what is counted, in pairs.\n"
    "\n"
    "Exit codes: 0 no regression; 1 a regression; 2 bad command line, input or output, or files\n"
    "that cannot be compared.\n";

enum option_code {
    OPTION_THRESHOLD = 256,
    OPTION_LEVEL,
    OPTION_ALL,
    OPTION_FORMAT,
    OPTION_DIFFERENT,
    OPTION_SEED
};

static const struct option long_options[] = {
    {"threshold", required_argument, NULL, OPTION_THRESHOLD},
    {"level", required_argument, NULL, OPTION_LEVEL},
    {"all", no_argument, NULL, OPTION_ALL},
    {"format", required_argument, NULL, OPTION_FORMAT},
    {"different", required_argument, NULL, OPTION_DIFFERENT},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, TOOL_OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

/* A number from 0 to below most, with what may follow it. */
static bool read_share(const char *text, const char *unit, double most, double *value) {
    char *end;
    const double number = strtod(text, &end);
    const bool read = end != text && (*end == '\0' || strcmp(end, unit) == 0) && isfinite(number) &&
                      number >= 0 && number < most;
    *value = read ? number : *value;
    return read;
}

static bool read_threshold(const char *text, double *threshold) {
    double percent = 0;
    if (!read_share(text, "%", 1000, &percent)) {
        return tool_wrong_value("threshold", text, "percent from 0, e.g. 5%");
    }
    *threshold = percent / 100;
    return true;
}

static bool read_level(const char *text, double *level) {
    return (read_share(text, "", 1, level) && *level > 0) ||
           tool_wrong_value("level", text, "a rate between 0 and 1, e.g. 0.05");
}

static bool read_format(const char *text, enum bench_compare_format *format) {
    static const char *const names[] = {"table", "jsonl", "markdown"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(text, names[i]) == 0) {
            *format = (enum bench_compare_format)i;
            return true;
        }
    }
    return tool_wrong_value("format", text, "table, jsonl or markdown");
}

static bool read_different(const char *text, struct tool_list *different) {
    tool_list_split(different, text);
    for (size_t i = 0; i < different->count; i++) {
        if (!bench_is_condition(different->items[i])) {
            return tool_wrong_value("different", different->items[i], bench_condition_names());
        }
    }
    return true;
}

static bool read_option(int code, const char *value, struct bench_compare_options *options) {
    switch (code) {
    case OPTION_THRESHOLD:
        return read_threshold(value, &options->criterion.threshold);
    case OPTION_LEVEL:
        return read_level(value, &options->criterion.level);
    case OPTION_ALL:
        return options->all = true;
    case OPTION_FORMAT:
        return read_format(value, &options->format);
    case OPTION_DIFFERENT:
        return read_different(value, &options->different);
    case OPTION_SEED:
        return tool_take_seed(value, &options->criterion.seed);
    default:
        return false; /* getopt_long has said why */
    }
}

static bool read_files(int argc, char **argv, struct bench_compare_options *options) {
    if (argc - optind != 2) {
        tool_say("compare takes two files, BASE and NEW; norma-bench compare --help has examples");
        return false;
    }
    options->base = argv[optind];
    options->side = argv[optind + 1];
    if (strcmp(options->base, "-") == 0 && strcmp(options->side, "-") == 0) {
        tool_say("standard input (-) can be read only once");
        return false;
    }
    return true;
}

enum tool_options_end bench_compare_options_read(int argc, char **argv,
                                                 struct bench_compare_options *options) {
    *options =
        (struct bench_compare_options){.criterion = {.threshold = 0.05, .level = 0.01, .seed = 1}};
    int code;
    static char program[] = "norma-bench compare";
    tool_options_begin(argv, program);
    while ((code = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
        if (tool_option_is_answered(code, help)) {
            return TOOL_OPTIONS_DONE;
        }
        if (!read_option(code, optarg, options)) {
            return TOOL_OPTIONS_WRONG;
        }
    }
    return read_files(argc, argv, options) ? TOOL_OPTIONS_RUN : TOOL_OPTIONS_WRONG;
}

void bench_compare_options_free(struct bench_compare_options *options) {
    tool_list_free(&options->different);
}
