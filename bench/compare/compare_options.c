/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/compare/compare_options.h"
#include "bench/results/results.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Reads a number in [0, most), which the unit may follow. */
static bool read_share(const char *text, const char *unit, double most, double *value) {
    char *end;
    const double number = strtod(text, &end);
    const bool read = end != text && (*end == '\0' || strcmp(end, unit) == 0) && isfinite(number) &&
                      number >= 0 && number < most;
    *value = read ? number : *value;
    return read;
}

static bool take_threshold(const struct tool_option *option, const char *text, void *target) {
    double percent = 0;
    if (!read_share(text, "%", 1000, &percent)) {
        return tool_wrong_value(option, text, "percent from 0, e.g. 5%");
    }
    *(double *)target = percent / 100;
    return true;
}

static bool take_level(const struct tool_option *option, const char *text, void *target) {
    double *level = target;
    return (read_share(text, "", 1, level) && *level > 0) ||
           tool_wrong_value(option, text, "a rate between 0 and 1, e.g. 0.05");
}

static bool take_different(const struct tool_option *option, const char *text, void *target) {
    struct tool_list *different = target;
    tool_list_split(different, text);
    for (size_t i = 0; i < different->count; i++) {
        if (!bench_is_condition(different->items[i])) {
            return tool_wrong_value(option, different->items[i], bench_condition_names());
        }
    }
    return true;
}

TOOL_VALUES(format_name, "table", "jsonl", "markdown")

#define OF(member) offsetof(struct bench_compare_options, member)

static const struct tool_option rows[] = {
    {.help = "Options"},
    {"threshold", 0, "PERCENT", take_threshold, OF(criterion.threshold),
     .help = "the change that matters (default: 5%)"},
    {"level", 0, "RATE", take_level, OF(criterion.level),
     .help = "highest rate of false discoveries among the changes (default: 0.01)"},
    {"all", 0, NULL, tool_take_flag, OF(all),
     .help = "also print the rows of kernels without a difference"},
    {"require-conclusive", 0, NULL, tool_take_flag, OF(require_conclusive),
     .help = "status 3 if nothing is slower, but a kernel is inconclusive"},
    {"format", 0, "FORMAT", tool_take_choice, OF(format),
     .help = "table, jsonl or markdown (default: table)", .value = format_name},
    {"different", 0, "A,B", take_different, OF(different),
     .help = "compare although these differ: machine, system, build, libraries, profile, settings"},
    {"seed", 0, "N", tool_take_seed, OF(criterion.seed),
     .help = "seed of the intervals (default: 1)"},
};

static const struct tool_example examples[] = {
    {"norma-bench compare base.jsonl new.jsonl", NULL},
    {"norma-bench compare --all base.jsonl new.jsonl", "every row"},
    {"norma-bench compare --threshold 2% base.jsonl new.jsonl", "be strict"},
    {"norma-bench compare --require-conclusive base.jsonl new.jsonl",
     "for a job that must not pass because its machine is too busy to tell"},
    {"norma-bench compare --format markdown base.jsonl new.jsonl >>$GITHUB_STEP_SUMMARY", NULL},
    {"cat round*.jsonl | norma-bench compare base.jsonl -", "several runs are rounds"},
    {"ci/perf-gate main", "measures two revisions, then compares them"},
    {"norma-bench compare --different machine,system here.jsonl there.jsonl", NULL},
};

static const char notes[] =
    "A kernel is slower if the 95% interval of NEW/BASE is above 1, the ratio is above the "
    "threshold, and a rank test, corrected for as many tests as there are kernels, finds it "
    "slower; "
    "faster likewise. There is no difference larger than the threshold if the whole interval is "
    "within it. All else is inconclusive, with the number of rounds that would about tell. "
    "Rounds in which other work had a core do not count. "
    "Samples within a run depend on each other, runs do not: measure in rounds, BASE and "
    "NEW in turn, each appended to its file. Then rounds are compared, in pairs.\n"
    "\n"
    "Exit status: 0 nothing is slower, and a warning counts what is inconclusive; 1 something is "
    "slower; 2 bad command line, input or output, or files that cannot be compared; 3 with "
    "--require-conclusive: nothing is slower, but something is inconclusive.\n";

static const struct tool_command command = {
    .name = "norma-bench compare",
    .usage = "[OPTION]... BASE NEW",
    .summary = "Prints what became slower or faster from BASE to NEW, two files of norma-bench run "
               "(one may be -, standard input), by how much, and how sure that is. Fails if a "
               "kernel became slower.\n",
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .options = rows,
    .option_count = sizeof rows / sizeof rows[0],
    .notes = notes,
};

static bool take_files(const struct tool_operands *operands,
                       struct bench_compare_options *options) {
    if (operands->count != 2) {
        tool_say("compare takes two files, BASE and NEW; norma-bench compare --help has examples");
        return false;
    }
    options->base = operands->items[0];
    options->side = operands->items[1];
    if (strcmp(options->base, "-") == 0 && strcmp(options->side, "-") == 0) {
        tool_say("standard input (-) can be read only once");
        return false;
    }
    return true;
}

enum tool_options_end bench_compare_options_read(int argc, char **argv,
                                                 struct bench_compare_options *options) {
    struct tool_operands operands;
    *options =
        (struct bench_compare_options){.criterion = {.threshold = 0.05, .level = 0.01, .seed = 1}};
    const enum tool_options_end end = tool_options_read(&command, argc, argv, options, &operands);
    return end == TOOL_OPTIONS_RUN && !take_files(&operands, options) ? TOOL_OPTIONS_WRONG : end;
}

void bench_compare_options_free(struct bench_compare_options *options) {
    tool_list_free(&options->different);
}
