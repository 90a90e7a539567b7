/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/explain/explain_options.h"
#include "reference/interface/interface.h"
#include "verify/harness/harness.h"
#include "verify/harness/tool/tool.h"

static const struct bench_effort effort_of_run = {
    .seconds = 1.0, .min_samples = 5, .max_samples = 100, .precision = 0.005, .primers = 4};

TOOL_VALUES(format_name, "text", "jsonl")

static bool take_plugin(const struct tool_option *option, const char *path, void *target) {
    (void)option, (void)target;
    return verify_take_plugin(path);
}

#define OF(member) offsetof(struct bench_explain_options, member)

static const struct tool_option rows[] = {
    {.help = "Options"},
    {"impl", 0, "SET", tool_take_text, OF(set),
     .help = "one of norma's sets (default: as NORMA_SETS says, or the fastest that this machine "
             "can run)"},
    {"load", 0, "FILE", take_plugin, 0,
     .help = "add the set of a plug-in, a shared library (norma_set.h); may be given again. "
             "Without --impl, the first one is explained"},
    {"threads", 0, "N", tool_take_count, OF(threads),
     .help = "number of threads that the plan may use (default: all cores)",
     .number = TOOL_THREADS_MOST},
    {"cpus", 0, "LIST", tool_take_text, OF(cpus),
     .help =
         "hardware threads to run on, as taskset counts them, e.g. 0-3,8 (default: all that this "
         "process may use)"},
    {"profile", 0, "FILE", tool_take_text, OF(profile),
     .help = "tuning (default: the user's; '': none)"},
    {"plan-only", 0, NULL, tool_take_flag, OF(plan_only),
     .help = "print the plan's decisions and measure nothing"},
    {"format", 0, "FORMAT", tool_take_second, OF(jsonl),
     .help = "text, or jsonl, one object with the same facts (default: text)",
     .value = format_name},
    {"time", 0, "SECONDS", tool_take_seconds, OF(effort.seconds),
     .help = "time for the measurement (default: 1)"},
    {"seed", 0, "N", tool_take_seed, OF(seed),
     .help = "seed of the data and of the order (default: 1)"},
};

static const struct tool_example examples[] = {
    {"norma-bench explain in:32x256x56x56", "the fastest set, all cores"},
    {"norma-bench explain --threads 1 --impl avx2 gn:8x256x14x14:pass=bwd", NULL},
    {"norma-bench explain --profile '' bn:8x64x56x56", "without the user's profile"},
    {"norma-bench explain --plan-only ln:1024x512", "only decisions, no measurement"},
    {"norma-bench explain --load ./idea.so in:8x64x56x56", "a set of your own"},
    {"norma-bench explain --format jsonl in:8x64x56x56 | jq .stages", NULL},
};

static const struct tool_command command = {
    .name = "norma-bench explain",
    .usage = "[OPTION]... PROBLEM",
    .summary = "Prints what a plan of this problem decided on this machine, and where its time "
               "goes: set, tuning, tiles, stores, threads, bytes; the time that a copy of the same "
               "bytes predicts, and the measured time, by stage and primitive. Nothing is timed "
               "that is not verified first.\n",
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .options = rows,
    .option_count = sizeof rows / sizeof rows[0],
    .notes =
        "Exit status: 0 fine; 1 the result was wrong; 2 bad command line, or output that "
        "cannot be written; 3 this machine cannot run the set, or has too little memory to measure "
        "it; 128 + signal: interrupted, and nothing was written.\n",
};

/* Finds the set. Must be called when all plug-ins are loaded. */
static bool find_set(struct bench_explain_options *options) {
    if (!options->set) {
        options->set = verify_plugin_name(0);
        options->set_loaded = options->set != NULL;
        return true;
    }
    const struct reference_implementation *set = verify_implementation_find(options->set);
    if (!set || !verify_implementation_is_norma(set)) {
        tool_say("--impl: expected one of norma's sets, such as portable, found '%s'",
                 options->set);
        return false;
    }
    return true;
}

static bool read_problem(const char *text, struct bench_explain_options *options) {
    struct norma_parse_error where;
    options->text = text;
    if (norma_problem_parse(text, &options->problem, &where) != NORMA_STATUS_OK) {
        tool_say("%.300s: column %zu: %s", text, where.position + 1, where.message);
        return false;
    }
    if (reference_elements(&options->problem) == 0) {
        tool_say("%.300s: an empty tensor: there is nothing to explain", text);
        return false;
    }
    return true;
}

static bool read_operands(const struct tool_operands *operands,
                          struct bench_explain_options *options) {
    if (operands->count == 0) {
        tool_say("nothing to explain: name a PROBLEM such as bn:8x64x56x56; norma-bench explain "
                 "--help has examples");
        return false;
    }
    if (operands->count > 1) {
        tool_say("explain takes one problem: leave out '%s'", operands->items[1]);
        return false;
    }
    return read_problem(operands->items[0], options);
}

enum tool_options_end bench_explain_options_read(int argc, char **argv,
                                                 struct bench_explain_options *options) {
    struct tool_operands operands;
    *options = (struct bench_explain_options){.effort = effort_of_run, .seed = 1};
    const enum tool_options_end end = tool_options_read(&command, argc, argv, options, &operands);
    if (end != TOOL_OPTIONS_RUN) {
        return end;
    }
    return find_set(options) && read_operands(&operands, options) ? TOOL_OPTIONS_RUN
                                                                  : TOOL_OPTIONS_WRONG;
}
