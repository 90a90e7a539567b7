/* The command line of norma-bench tune.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/tune/tune_options.h"
#include "verify/harness/harness.h"
#include "verify/harness/tool/tool.h"
#include <norma_tools.h>

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: norma-bench tune [options]\n"
    "\n"
    "Finds out how norma should cut tensors for the caches and cores of this machine, and writes "
    "a\n"
    "profile that all programs with norma then use. It changes how fast results are made and "
    "never\n"
    "a bit of them. Without a profile, norma has defaults that are good on most machines: what is\n"
    "not better with confidence stays as it is.\n"
    "\n"
    "Examples:\n"
    "  norma-bench tune                      the fastest set, in about four minutes\n"
    "  norma-bench tune --quick -o -         a look at it, in less than one: writes no file\n"
    "  norma-bench tune --impl avx2          another set; the file keeps the first one's section\n"
    "  norma-bench tune --threads 1 -o one   for programs that run many instances of one thread\n"
    "  NORMA_PROFILE=one my-program          ... and how they use it\n"
    "  norma-bench run --profile one --impl avx512 gn:8x256x56x56     is it faster here?\n"
    "  norma-bench run --profile '' --impl avx512 gn:8x256x56x56      without any profile\n"
    "\n"
    "Options:\n"
    "  --impl SET              one of norma's sets [the fastest that this machine can run]\n"
    "  --threads N             threads to tune for [all cores]\n"
    "  --quick                 fewer candidates, and less of the next\n"
    "  --time SECONDS          of timing for the values of a parameter on a problem [4; 0.25]\n"
    "  --seed N                of the data and of the order [1]\n"
    "  --max-memory SIZE       leave out a class that needs more, e.g. 800M [half of the memory]\n"
    "  -o, --output FILE       the profile; -: standard output, the table then goes to standard\n"
    "                          error [$NORMA_PROFILE, or $XDG_CONFIG_HOME/norma/profile, or\n"
    "                          ~/.config/norma/profile]\n"
    "  -h, --help, --version\n"
    "\n"
    "The table has a row for each parameter of each size class of tensors: the default, the value\n"
    "found best, its time relative to that of the default (geometric mean over six problems, with\n"
    "a 95% interval), and whether it was kept: the whole interval below 1, and 1% gained. 'all of\n"
    "these' measures what a class kept against the defaults once more; if that is not better, the\n"
    "class keeps the defaults. Each value is verified on each problem before it is timed.\n"
    "\n"
    "FILE is replaced as a whole at the end; sections of other sets that it has for this "
    "processor\n"
    "and version of norma stay.\n"
    "\n"
    "Exit codes: 0 fine; 1 a result was wrong; 2 bad command line, or output that cannot be\n"
    "written; 3 this machine cannot run the set; 128 + signal: interrupted, nothing was written.\n"
    "\n"
    "Parameters:\n";

enum option_code {
    OPTION_IMPL = 256,
    OPTION_THREADS,
    OPTION_QUICK,
    OPTION_TIME,
    OPTION_SEED,
    OPTION_MAX_MEMORY
};

static const struct option long_options[] = {
    {"impl", required_argument, NULL, OPTION_IMPL},
    {"threads", required_argument, NULL, OPTION_THREADS},
    {"quick", no_argument, NULL, OPTION_QUICK},
    {"time", required_argument, NULL, OPTION_TIME},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"max-memory", required_argument, NULL, OPTION_MAX_MEMORY},
    {"output", required_argument, NULL, 'o'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, TOOL_OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

/* Priming as in norma-bench run --quick: with two executions before a sample what ran before does
 * not show. */
static const struct bench_effort normal = {
    .seconds = 4.0, .min_samples = 5, .max_samples = 200, .precision = 0.002, .primers = 2};
static const struct bench_effort quick = {
    .seconds = 0.25, .min_samples = 3, .max_samples = 50, .precision = 0.01, .primers = 2};

static const struct reference_implementation *fastest_set(void) {
    size_t index = 0;
    while (!norma_set_available(index)) {
        index++;
    }
    return verify_implementation_find(norma_set_name(index));
}

static bool read_set(const char *name, struct bench_tune_options *options) {
    options->set = verify_implementation_find(name);
    return (options->set && verify_implementation_is_norma(options->set)) ||
           tool_wrong_value("impl", name, "one of norma's sets, such as portable");
}

static bool read_option(int code, const char *value, struct bench_tune_options *options,
                        double *seconds) {
    switch (code) {
    case OPTION_IMPL:
        return read_set(value, options);
    case OPTION_THREADS:
        return tool_take_thread_count(value, &options->threads);
    case OPTION_QUICK:
        options->effort = quick;
        options->octaves = 2;
        return true;
    case OPTION_TIME:
        return tool_take_time(value, seconds);
    case OPTION_SEED:
        return tool_take_seed(value, &options->seed);
    case OPTION_MAX_MEMORY:
        return tool_take_max_memory(value, &options->max_memory);
    case 'o':
        options->output = value;
        return true;
    default:
        return false; /* getopt_long has said why */
    }
}

/* Help ends with them. */
static void print_parameters(void) {
    const struct norma_parameter *parameter;
    for (size_t i = 0; (parameter = norma_tuning_parameter(i)); i++) {
        printf("  %-16s %s\n", parameter->name, parameter->text);
    }
}

enum tool_options_end bench_tune_options_read(int argc, char **argv,
                                              struct bench_tune_options *options) {
    double seconds = 0;
    *options = (struct bench_tune_options){
        .set = fastest_set(), .effort = normal, .octaves = 3, .seed = 1};
    int code;
    static char program[] = "norma-bench tune";
    tool_options_begin(argv, program);
    while ((code = getopt_long(argc, argv, "o:h", long_options, NULL)) != -1) {
        if (tool_option_is_answered(code, help)) {
            if (code == 'h') {
                print_parameters();
            }
            return TOOL_OPTIONS_DONE;
        }
        if (!read_option(code, optarg, options, &seconds)) {
            return TOOL_OPTIONS_WRONG;
        }
    }
    if (optind < argc) {
        tool_say("tune takes no problems: leave out '%s'", argv[optind]);
        return TOOL_OPTIONS_WRONG;
    }
    options->effort.seconds = seconds > 0 ? seconds : options->effort.seconds;
    return TOOL_OPTIONS_RUN;
}
