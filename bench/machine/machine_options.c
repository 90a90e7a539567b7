/* The command line of norma-bench machine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/machine/machine_options.h"
#include "verify/harness/tool/tool.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: norma-bench machine [options]\n"
    "\n"
    "What is known about this machine: processor, topology, clock, noise, libraries; and its\n"
    "ceilings: the rate of its memory by footprint, and of its arithmetic, by number of threads.\n"
    "\n"
    "Examples:\n"
    "  norma-bench machine                      a page to read, in a minute or two\n"
    "  norma-bench machine --quick              ... in some ten seconds\n"
    "  norma-bench machine --facts              only what is known at once\n"
    "  norma-bench machine -o here.jsonl        the page, and records in a file\n"
    "  norma-bench run --quick --shapes resnet50 -o here.jsonl --resume     ... and more of them\n"
    "  norma-bench machine --quick --format jsonl | jq -r 'select(.type == \"memory\" and\n"
    "      .kernel == \"copy\") | [.threads, .footprint, .gbps] | @tsv'\n"
    "\n"
    "Options:\n"
    "  --quick                 every second footprint, and less time for each\n"
    "  --facts                 nothing that takes time: no noise, no ceilings\n"
    "  --threads 1,2           numbers of threads [1, 2, 4, ... and all cores]\n"
    "  --time SECONDS          of timing for each row and kind of access [0.2; 0.04]\n"
    "  --max-memory SIZE       for the largest footprint, e.g. 800M [half of the memory]\n"
    "  --seed N                of the order [1]\n"
    "  --format FORMAT         of standard output: page, or jsonl, the records [page]\n"
    "  -o, --output FILE       append the records to FILE as well, which may have results of this\n"
    "                          machine and build\n"
    "  -h, --help, --version\n"
    "\n"
    "Memory is read (a sum), copied (memcpy) and added (two images into a third), the last two\n"
    "also with non-temporal stores (-stream); GB/s count every byte that is read or written "
    "once.\n"
    "As in norma-bench run, an image of less than 64 KiB for each thread is left to fewer "
    "threads.\n"
    "Arithmetic is multiply and add, fused, as two operations, in the widest vectors.\n"
    "\n"
    "Exit codes: 0 fine; 2 bad command line, or output that cannot be written; 128 + signal:\n"
    "interrupted, what was written is complete.\n";

enum option_code {
    OPTION_QUICK = 256,
    OPTION_FACTS,
    OPTION_THREADS,
    OPTION_TIME,
    OPTION_MAX_MEMORY,
    OPTION_SEED,
    OPTION_FORMAT
};

static const struct option long_options[] = {
    {"quick", no_argument, NULL, OPTION_QUICK},
    {"facts", no_argument, NULL, OPTION_FACTS},
    {"threads", required_argument, NULL, OPTION_THREADS},
    {"time", required_argument, NULL, OPTION_TIME},
    {"max-memory", required_argument, NULL, OPTION_MAX_MEMORY},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"format", required_argument, NULL, OPTION_FORMAT},
    {"output", required_argument, NULL, 'o'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, TOOL_OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

static const struct bench_effort normal = {
    .seconds = 0.2, .min_samples = 5, .max_samples = 100, .precision = 0.005, .primers = 4};
static const struct bench_effort quick = {
    .seconds = 0.04, .min_samples = 3, .max_samples = 30, .precision = 0.02, .primers = 2};

static bool read_format(const char *name, bool *jsonl) {
    *jsonl = strcmp(name, "jsonl") == 0;
    return *jsonl || strcmp(name, "page") == 0 || tool_wrong_value("format", name, "page or jsonl");
}

static bool read_option(int code, const char *value, struct bench_machine_options *options,
                        double *seconds) {
    switch (code) {
    case OPTION_QUICK:
        options->effort = quick;
        options->octaves = 2;
        return true;
    case OPTION_FACTS:
        return options->facts = true;
    case OPTION_THREADS:
        return tool_take_threads(value, options->threads, &options->thread_count);
    case OPTION_TIME:
        return tool_take_time(value, seconds);
    case OPTION_MAX_MEMORY:
        return tool_take_max_memory(value, &options->max_memory);
    case OPTION_SEED:
        return tool_take_seed(value, &options->seed);
    case OPTION_FORMAT:
        return read_format(value, &options->jsonl);
    case 'o':
        options->output = value;
        return true;
    default:
        return false; /* getopt_long has said why */
    }
}

enum tool_options_end bench_machine_options_read(int argc, char **argv,
                                                 struct bench_machine_options *options) {
    double seconds = 0;
    *options = (struct bench_machine_options){
        .effort = normal, .octaves = 1, .noise_seconds = 1, .seed = 1};
    int code;
    static char program[] = "norma-bench machine";
    tool_options_begin(argv, program);
    while ((code = getopt_long(argc, argv, "o:h", long_options, NULL)) != -1) {
        if (tool_option_is_answered(code, help)) {
            return TOOL_OPTIONS_DONE;
        }
        if (!read_option(code, optarg, options, &seconds)) {
            return TOOL_OPTIONS_WRONG;
        }
    }
    if (optind < argc) {
        tool_say("machine takes no problems: leave out '%s'", argv[optind]);
        return TOOL_OPTIONS_WRONG;
    }
    options->effort.seconds = seconds > 0 ? seconds : options->effort.seconds;
    if (options->output && strcmp(options->output, "-") == 0) {
        options->jsonl = true;
        options->output = NULL;
    }
    return TOOL_OPTIONS_RUN;
}
