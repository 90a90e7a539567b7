/* The command line of norma-bench explain.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/explain/explain_options.h"
#include "reference/interface/interface.h"
#include "verify/harness/harness.h"
#include "verify/harness/tool/tool.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: norma-bench explain [options] PROBLEM\n"
    "\n"
    "Tells what a plan of this problem decided on this machine, and where its time goes: set, "
    "tuning,\n"
    "tiles, stores, threads, bytes; the time that a copy of the same bytes predicts, and the time\n"
    "measured, by stage and primitive. Nothing is timed that is not verified first.\n"
    "\n"
    "Examples:\n"
    "  norma-bench explain in:32x256x56x56                   the fastest set, all cores\n"
    "  norma-bench explain --threads 1 --impl avx2 gn:8x256x14x14:pass=bwd\n"
    "  norma-bench explain --profile '' bn:8x64x56x56        without the user's profile\n"
    "  norma-bench explain --plan-only ln:1024x512           decisions alone, nothing is measured\n"
    "  norma-bench explain --load ./idea.so in:8x64x56x56    a set of your own\n"
    "  norma-bench explain --format jsonl in:8x64x56x56 | jq .stages\n"
    "\n"
    "Options:\n"
    "  --impl SET              one of norma's sets [NORMA_SETS, or the fastest of this machine]\n"
    "  --load FILE             the set of a plug-in, a shared library (norma_set.h); may be given\n"
    "                          again: the first is explained\n"
    "  --threads N             threads to ask for [all cores]\n"
    "  --profile FILE          tuning [the user's; '': none]\n"
    "  --plan-only             the plan's decisions, and no measurement\n"
    "  --format text|jsonl     for people, or one object of the same facts [text]\n"
    "  --time SECONDS          of timing [1]\n"
    "  --seed N                of the data and of the order [1]\n"
    "  -h, --help, --version\n"
    "\n"
    "Exit codes: 0 fine; 1 the result was wrong; 2 bad command line, or output that cannot be\n"
    "written; 3 this machine cannot run the set; 128 + signal: interrupted, nothing was written.\n";

enum option_code {
    OPTION_IMPL = 256,
    OPTION_LOAD,
    OPTION_THREADS,
    OPTION_PROFILE,
    OPTION_PLAN_ONLY,
    OPTION_FORMAT,
    OPTION_TIME,
    OPTION_SEED
};

static const struct option long_options[] = {
    {"impl", required_argument, NULL, OPTION_IMPL},
    {"load", required_argument, NULL, OPTION_LOAD},
    {"threads", required_argument, NULL, OPTION_THREADS},
    {"profile", required_argument, NULL, OPTION_PROFILE},
    {"plan-only", no_argument, NULL, OPTION_PLAN_ONLY},
    {"format", required_argument, NULL, OPTION_FORMAT},
    {"time", required_argument, NULL, OPTION_TIME},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, TOOL_OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

/* As norma-bench run. */
static const struct bench_effort effort = {
    .seconds = 1.0, .min_samples = 5, .max_samples = 100, .precision = 0.005, .primers = 4};

static bool load(const char *path) {
    char message[VERIFY_PLUGIN_MESSAGE];
    const bool loaded = verify_plugin_load(path, message);
    if (!loaded) {
        tool_say("--load: %s", message);
    }
    return loaded;
}

/* Which sets there are is known when all plug-ins are loaded. */
static bool find_set(struct bench_explain_options *options) {
    if (!options->set) {
        options->set = verify_plugin_name(0);
        options->set_loaded = options->set != NULL;
        return true;
    }
    const struct reference_implementation *set = verify_implementation_find(options->set);
    return (set && verify_implementation_is_norma(set)) ||
           tool_wrong_value("impl", options->set, "one of norma's sets, such as portable");
}

static bool read_format(const char *text, struct bench_explain_options *options) {
    options->jsonl = strcmp(text, "jsonl") == 0;
    return options->jsonl || strcmp(text, "text") == 0 ||
           tool_wrong_value("format", text, "text or jsonl");
}

static bool read_option(int code, const char *value, struct bench_explain_options *options) {
    switch (code) {
    case OPTION_IMPL:
        options->set = value;
        return true;
    case OPTION_LOAD:
        return load(value);
    case OPTION_THREADS:
        return tool_take_thread_count(value, &options->threads);
    case OPTION_PROFILE:
        options->profile = value;
        return true;
    case OPTION_PLAN_ONLY:
        return options->plan_only = true;
    case OPTION_FORMAT:
        return read_format(value, options);
    case OPTION_TIME:
        return tool_take_time(value, &options->effort.seconds);
    case OPTION_SEED:
        return tool_take_seed(value, &options->seed);
    default:
        return false; /* getopt_long has said why */
    }
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

static bool read_operands(int argc, char **argv, struct bench_explain_options *options) {
    if (optind == argc) {
        tool_say("nothing to explain: name a PROBLEM such as bn:8x64x56x56; norma-bench explain "
                 "--help has examples");
        return false;
    }
    if (optind + 1 < argc) {
        tool_say("explain takes one problem: leave out '%s'", argv[optind + 1]);
        return false;
    }
    return read_problem(argv[optind], options);
}

enum tool_options_end bench_explain_options_read(int argc, char **argv,
                                                 struct bench_explain_options *options) {
    *options = (struct bench_explain_options){.effort = effort, .seed = 1};
    int code;
    static char program[] = "norma-bench explain";
    tool_options_begin(argv, program);
    while ((code = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
        if (tool_option_is_answered(code, help)) {
            return TOOL_OPTIONS_DONE;
        }
        if (!read_option(code, optarg, options)) {
            return TOOL_OPTIONS_WRONG;
        }
    }
    return find_set(options) && read_operands(argc, argv, options) ? TOOL_OPTIONS_RUN
                                                                   : TOOL_OPTIONS_WRONG;
}
