/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/machine/machine_options.h"
#include "verify/harness/tool/tool.h"

#include <string.h>

/* The options, and the time, which wins over --quick wherever it stands. */
struct command_line {
    struct bench_machine_options options;
    double seconds; /* 0: not given */
};

static const struct bench_effort normal = {
    .seconds = 0.2, .min_samples = 5, .max_samples = 100, .precision = 0.005, .primers = 4};
static const struct bench_effort quick = {
    .seconds = 0.04, .min_samples = 3, .max_samples = 30, .precision = 0.02, .primers = 2};

TOOL_VALUES(format_name, "page", "jsonl")

static bool take_quick(const struct tool_option *option, const char *text, void *target) {
    struct bench_machine_options *options = target;
    (void)option, (void)text;
    options->effort = quick;
    options->octaves = 2;
    return true;
}

static bool take_threads(const struct tool_option *option, const char *text, void *target) {
    struct bench_machine_options *options = target;
    return tool_take_threads(option, text, options->threads, &options->thread_count);
}

#define OF(member)      offsetof(struct command_line, member)
#define OPTIONS(member) offsetof(struct command_line, options.member)

static const struct tool_option rows[] = {
    {.help = "Options"},
    {"quick", 0, NULL, take_quick, OF(options),
     .help = "measure every second footprint, and each for less time"},
    {"facts", 0, NULL, tool_take_flag, OPTIONS(facts),
     .help = "print only what needs no measurement: no noise, no ceilings"},
    {"threads", 0, "1,2", take_threads, OF(options),
     .help = "numbers of threads (default: 1, 2, 4 and so on, and all cores)"},
    {"cpus", 0, "LIST", tool_take_text, OPTIONS(cpus),
     .help =
         "hardware threads to run on, as taskset counts them, e.g. 0-3,8 (default: all that this "
         "process may use)"},
    {"time", 0, "SECONDS", tool_take_seconds, OF(seconds),
     .help = "time for each row and kind of access (default: 0.2; with --quick 0.04)"},
    {"max-memory", 0, "SIZE", tool_take_size, OPTIONS(max_memory),
     .help = "limit of the largest footprint, e.g. 800M (default: half of the memory that "
             "containers and ulimit leave)"},
    {"seed", 0, "N", tool_take_seed, OPTIONS(seed), .help = "seed of the order (default: 1)"},
    {"format", 0, "FORMAT", tool_take_second, OPTIONS(jsonl),
     .help = "format of standard output: page, or jsonl, the records (default: page)",
     .value = format_name},
    {"output", 'o', "FILE", tool_take_text, OPTIONS(output),
     .help =
         "append the records to FILE as well, which may hold results of this machine and build"},
};

static const struct tool_example examples[] = {
    {"norma-bench machine", "a page to read, in a minute or two"},
    {"norma-bench machine --quick", "the same in about ten seconds"},
    {"norma-bench machine --facts", "only what needs no measurement"},
    {"norma-bench machine -o here.jsonl", "the page, and records in a file"},
    {"norma-bench run --quick --shapes resnet50 -o here.jsonl --resume",
     "measurements in the same file"},
    {"norma-bench machine --quick --format jsonl | jq -r 'select(.type == \"memory\" and\n"
     "      .kernel == \"copy\") | [.threads, .footprint, .gbps] | @tsv'",
     NULL},
};

static const char notes[] =
    "Memory is read (a sum), copied (memcpy) and added (two tensors into a third), the last two "
    "also with non-temporal stores (-stream). GB/s counts every byte that is read or written once. "
    "Each thread has an array of its own, a part of the footprint, and passes over it many times, "
    "so "
    "that small footprints show the caches of all threads. "
    "Arithmetic is fused multiply-add, which counts as two operations, in the widest vectors.\n"
    "\n"
    "Exit status: 0 fine; 2 bad command line, or output that cannot be written; 128 + signal: "
    "interrupted, and what was written is complete.\n";

static const struct tool_command command = {
    .name = "norma-bench machine",
    .usage = "[OPTION]...",
    .summary = "Prints what is known about this machine (processor, topology, clock, noise, "
               "libraries) and its ceilings: the rate of its memory by footprint, and of its "
               "arithmetic, by number of threads.\n",
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .options = rows,
    .option_count = sizeof rows / sizeof rows[0],
    .notes = notes,
};

enum tool_options_end bench_machine_options_read(int argc, char **argv,
                                                 struct bench_machine_options *options) {
    struct tool_operands operands;
    struct command_line line = {
        .options = {.effort = normal, .octaves = 1, .noise_seconds = 1, .seed = 1}};
    const enum tool_options_end end = tool_options_read(&command, argc, argv, &line, &operands);
    *options = line.options;
    if (end == TOOL_OPTIONS_RUN && operands.count > 0) {
        tool_say("machine takes no problems: leave out '%s'", operands.items[0]);
        return TOOL_OPTIONS_WRONG;
    }
    options->effort.seconds = line.seconds > 0 ? line.seconds : options->effort.seconds;
    if (options->output && tool_output_stream(options->output) == STDOUT_FILENO) {
        options->jsonl = true;
        options->output = NULL;
    }
    return end;
}
