/* The command line of norma-bench run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE /* getopt_long */
#include "bench/run/run_options.h"
#include "bench/shapes/shapes.h"
#include "verify/harness/harness.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "usage: norma-bench run [options] [PROBLEM...]\n"
    "\n"
    "Times implementations of norma's operators against each other and against the fastest copy "
    "of\n"
    "the same tensors (backward: sum of two), all interleaved at random on the same buffers. On a\n"
    "terminal it shows tables; else, and into files, it writes one JSON record a line. Nothing is\n"
    "timed that is not verified first.\n"
    "\n"
    "Examples:\n"
    "  norma-bench run bn:8x64x56x56                        one problem, all implementations\n"
    "  norma-bench run --impl avx2,onednn --threads 1 gn:2x320x48x48 in:8x64x56x56\n"
    "  norma-bench run --shapes resnet50 --operators bn,in --quick -o results.jsonl\n"
    "  norma-bench run --shapes resnet50 --operators bn,in --quick -o results.jsonl --resume\n"
    "  norma-bench run --shapes resnet50 --operators gn --pass fwd,bwd      forward and backward\n"
    "  norma-bench run --shapes odd --list | grep gn: | norma-bench run -\n"
    "  norma-bench run --load ./idea.so --impl idea,avx512 bn:8x64x56x56    an idea of your own\n"
    "\n"
    "What is measured:\n"
    "  PROBLEM                 a problem; @FILE: a file of problems, one a line; -: standard "
    "input\n"
    "  --shapes A,B            shape sets: names (listed below), paths of files, or -\n"
    "  --micro-batches 1,2     samples to combine with the shapes [1,2,4,...,128, or the set's]\n"
    "  --operators A,B         operators to combine with the shapes [all, or the set's]\n"
    "  --pass A,B              passes to combine with the shapes: fwd, inf, bwd, inf_bwd [fwd]\n"
    "  --layout ncs,nsc        layouts to combine with the shapes [ncs]\n"
    "  --impl A,B              implementations [all of this machine but the reference]\n"
    "  --load FILE             add the set of a plug-in, a shared library (norma_set.h); may be "
    "given\n"
    "                          again. Without --impl, it and what it is based on are measured\n"
    "  --watch FILE            build and measure again whenever FILE changes; may be given again\n"
    "  --build COMMAND         for --watch [a C compiler makes the --load of the --watch that are "
    ".c]\n"
    "  --threads 1,2           numbers of threads [1 and all cores]\n"
    "  --require A,B           exit with 3 if this machine or build lacks one of them\n"
    "  --shard I/N             only every Nth problem, from the Ith\n"
    "  --list                  print the problems, as - and @FILE read them, and measure nothing\n"
    "\n"
    "How:\n"
    "  --quick, --full         less or more of the two that follow\n"
    "  --time SECONDS          of timing for a problem and number of threads [1; 0.4; 5]\n"
    "  --min-samples N         at least so many of each implementation [5; 3; 10]\n"
    "  --seed N                of the data and of the order [1]\n"
    "  --profile FILE          tuning of norma's sets [the user's; '': none]\n"
    "  --case-timeout SECONDS  that a kernel may take before it has failed [60, and more if "
    "large]\n"
    "  --max-memory SIZE       skip problems that need more, e.g. 800M, 4G [half of the memory]\n"
    "  --counters              count cycles, cache misses, page faults, ... as well, afterwards\n"
    "\n"
    "Output:\n"
    "  -o, --output FILE       write to FILE, which must be new or empty [standard output]\n"
    "  --format table|jsonl    on standard output [table on a terminal without -o, else jsonl]\n"
    "  --resume                go on with FILE: only what it lacks is measured\n"
    "  -h, --help, --version\n"
    "\n"
    "Exit codes: 0 fine; 1 a result was wrong; 2 bad command line, input or output; 3 --require\n"
    "not met; 128 + signal: interrupted, with everything so far written.\n"
    "\n"
    "Shape sets: ";

enum option_code {
    OPTION_SHAPES = 256,
    OPTION_MICRO_BATCHES,
    OPTION_OPERATORS,
    OPTION_PASS,
    OPTION_LAYOUT,
    OPTION_IMPL,
    OPTION_LOAD,
    OPTION_WATCH,
    OPTION_BUILD,
    OPTION_FORMAT,
    OPTION_CASE_TIMEOUT,
    OPTION_THREADS,
    OPTION_REQUIRE,
    OPTION_SHARD,
    OPTION_LIST,
    OPTION_QUICK,
    OPTION_FULL,
    OPTION_TIME,
    OPTION_MIN_SAMPLES,
    OPTION_SEED,
    OPTION_MAX_MEMORY,
    OPTION_PROFILE,
    OPTION_COUNTERS,
    OPTION_RESUME
};

static const struct option long_options[] = {
    {"shapes", required_argument, NULL, OPTION_SHAPES},
    {"micro-batches", required_argument, NULL, OPTION_MICRO_BATCHES},
    {"operators", required_argument, NULL, OPTION_OPERATORS},
    {"pass", required_argument, NULL, OPTION_PASS},
    {"layout", required_argument, NULL, OPTION_LAYOUT},
    {"impl", required_argument, NULL, OPTION_IMPL},
    {"load", required_argument, NULL, OPTION_LOAD},
    {"watch", required_argument, NULL, OPTION_WATCH},
    {"build", required_argument, NULL, OPTION_BUILD},
    {"format", required_argument, NULL, OPTION_FORMAT},
    {"case-timeout", required_argument, NULL, OPTION_CASE_TIMEOUT},
    {"threads", required_argument, NULL, OPTION_THREADS},
    {"require", required_argument, NULL, OPTION_REQUIRE},
    {"shard", required_argument, NULL, OPTION_SHARD},
    {"list", no_argument, NULL, OPTION_LIST},
    {"quick", no_argument, NULL, OPTION_QUICK},
    {"full", no_argument, NULL, OPTION_FULL},
    {"time", required_argument, NULL, OPTION_TIME},
    {"min-samples", required_argument, NULL, OPTION_MIN_SAMPLES},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"max-memory", required_argument, NULL, OPTION_MAX_MEMORY},
    {"profile", required_argument, NULL, OPTION_PROFILE},
    {"counters", no_argument, NULL, OPTION_COUNTERS},
    {"output", required_argument, NULL, 'o'},
    {"resume", no_argument, NULL, OPTION_RESUME},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, TOOL_OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

/* Quick: enough to see factors of 1.1. Full: a quiet evening, for factors of 1.01. Priming: with
 * one execution before a sample the times of a kernel fell into two heaps, 15 to 30% apart, by who
 * ran before it; with two this was gone at 13 MB, with four at 50 MB. */
static const struct bench_effort normal = {
    .seconds = 1.0, .min_samples = 5, .max_samples = 100, .precision = 0.005, .primers = 4};
static const struct bench_effort quick = {
    .seconds = 0.4, .min_samples = 3, .max_samples = 30, .precision = 0.02, .primers = 2};
static const struct bench_effort full = {
    .seconds = 5.0, .min_samples = 10, .max_samples = 500, .precision = 0.001, .primers = 4};

/* What the command line said apart from the options proper: these win over --quick and --full,
 * wherever they stand. */
struct overrides {
    double seconds;
    int64_t min_samples;
    int64_t case_timeout;
    const char *format;
};

static bool read_micro_batches(const char *text, struct bench_sweep_axes *axes) {
    struct tool_list items = {NULL, 0};
    tool_list_split(&items, text);
    bool read = items.count <= BENCH_MICRO_BATCHES;
    axes->micro_batches_given = true;
    axes->micro_batch_count = read ? items.count : 0;
    for (size_t i = 0; i < axes->micro_batch_count && read; i++) {
        read = tool_read_integer(items.items[i], 1, 1 << 28, &axes->micro_batches[i]);
    }
    tool_list_free(&items);
    return read || tool_wrong_value("micro-batches", text, "up to 16 numbers above 0, e.g. 1,8,64");
}

static bool choose_by_name(const char *text, const char *(*name_of)(int), bool *chosen) {
    for (int i = 0; name_of(i); i++) {
        if (strcmp(name_of(i), text) == 0) {
            chosen[i] = true;
            return true;
        }
    }
    return false;
}

static const char *operator_name(int op) {
    return norma_operator_name((norma_operator)op);
}

static const char *pass_name(int pass) {
    return norma_pass_name((norma_pass)pass);
}

static const char *layout_name(int layout) {
    return norma_layout_name((norma_layout)layout);
}

/* Chooses every name of the list; what was chosen before counts no more. */
static bool read_choice(const char *option, const char *text, const char *(*name_of)(int),
                        bool *chosen) {
    char known[128] = "";
    for (int i = 0; name_of(i); i++) {
        chosen[i] = false;
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "some of ", name_of(i));
    }
    struct tool_list items = {NULL, 0};
    tool_list_split(&items, text);
    bool read = true;
    for (size_t i = 0; i < items.count && read; i++) {
        read = choose_by_name(items.items[i], name_of, chosen) ||
               tool_wrong_value(option, items.items[i], known);
    }
    tool_list_free(&items);
    return read;
}

static bool read_count(const char *option, const char *text, int64_t most, int64_t *value) {
    return tool_read_integer(text, 1, most, value) ||
           tool_wrong_value(option, text, "a number above 0");
}

static bool read_option(int code, const char *value, struct bench_run_options *options,
                        struct overrides *overrides) {
    switch (code) {
    case OPTION_SHAPES:
        tool_list_split(&options->shapes, value);
        return true;
    case OPTION_MICRO_BATCHES:
        return read_micro_batches(value, &options->axes);
    case OPTION_OPERATORS:
        options->axes.operators_given = true;
        return read_choice("operators", value, operator_name, options->axes.operator_chosen);
    case OPTION_PASS:
        return read_choice("pass", value, pass_name, options->axes.pass_chosen);
    case OPTION_LAYOUT:
        return read_choice("layout", value, layout_name, options->axes.layout_chosen);
    case OPTION_IMPL:
        tool_list_split(&options->implementations, value);
        return true;
    case OPTION_LOAD:
        tool_list_add(&options->loaded, value);
        return true;
    case OPTION_WATCH:
        tool_list_add(&options->watched, value);
        return true;
    case OPTION_BUILD:
        options->build = value;
        return true;
    case OPTION_FORMAT:
        overrides->format = value;
        return strcmp(value, "table") == 0 || strcmp(value, "jsonl") == 0 ||
               tool_wrong_value("format", value, "table or jsonl");
    case OPTION_CASE_TIMEOUT:
        return read_count("case-timeout", value, 1000000, &overrides->case_timeout);
    case OPTION_REQUIRE:
        tool_list_split(&options->required, value);
        return true;
    case OPTION_THREADS:
        return tool_take_threads(value, options->threads, &options->thread_count);
    case OPTION_SHARD:
        return tool_read_shard(value, &options->shard, &options->shards) ||
               tool_wrong_value("shard", value, "I/N with I from 1 to N, e.g. 2/8");
    case OPTION_LIST:
        return options->list = true;
    case OPTION_QUICK:
        options->effort = quick;
        return true;
    case OPTION_FULL:
        options->effort = full;
        return true;
    case OPTION_TIME:
        return tool_take_time(value, &overrides->seconds);
    case OPTION_MIN_SAMPLES:
        return read_count("min-samples", value, 1000000, &overrides->min_samples);
    case OPTION_SEED:
        return tool_take_seed(value, &options->seed);
    case OPTION_MAX_MEMORY:
        return tool_take_max_memory(value, &options->max_memory);
    case OPTION_PROFILE:
        options->profile = value;
        return true;
    case OPTION_COUNTERS:
        return options->counters = true;
    case 'o':
        options->output = value;
        return true;
    case OPTION_RESUME:
        return options->resume = true;
    default:
        return false; /* getopt_long has said why */
    }
}

static void apply_effort(const struct overrides *overrides, struct bench_effort *effort) {
    if (overrides->seconds > 0) {
        effort->seconds = overrides->seconds;
    }
    if (overrides->min_samples > 0) {
        effort->min_samples = (size_t)overrides->min_samples;
    }
    if (effort->max_samples < effort->min_samples) {
        effort->max_samples = effort->min_samples;
    }
}

/* Tables are what a person reads, and records what is kept. */
static void apply_output(const struct overrides *overrides, struct bench_run_options *options) {
    const bool person = !options->output && isatty(STDOUT_FILENO);
    options->tabulated = overrides->format ? strcmp(overrides->format, "table") == 0 : person;
    if (!options->output && !options->tabulated) {
        options->output = "-";
    }
}

/* Help ends with them. */
static void print_shape_sets(void) {
    char names[300];
    bench_shape_file_names(names, sizeof names);
    puts(names);
}

static size_t count_standard_inputs(const struct bench_run_options *options) {
    size_t count = 0;
    for (size_t i = 0; i < options->shapes.count; i++) {
        count += strcmp(options->shapes.items[i], "-") == 0;
    }
    for (size_t i = 0; i < options->problems.count; i++) {
        const char *item = options->problems.items[i];
        count += strcmp(item, "-") == 0 || strcmp(item, "@-") == 0;
    }
    return count;
}

static bool is_standard_output(const char *output) {
    return !output || strcmp(output, "-") == 0;
}

static bool check_watch(const struct bench_run_options *options) {
    if (options->watched.count == 0) {
        if (options->build) {
            tool_say("--build is for --watch FILE, which says when");
        }
        return !options->build;
    }
    if (options->loaded.count == 0) {
        tool_say("--watch needs --load FILE, the plug-in that is built");
    } else if (options->output && !is_standard_output(options->output)) {
        tool_say("--watch measures anew each time, and -o FILE must be new: leave one out");
    } else if (count_standard_inputs(options) > 0) {
        tool_say("--watch measures anew each time, and standard input (-) can be read only once");
    } else {
        return true;
    }
    return false;
}

static bool check(const struct bench_run_options *options) {
    if (options->shapes.count == 0 && options->problems.count == 0) {
        tool_say("nothing to measure: name a PROBLEM such as bn:8x64x56x56, or --shapes; "
                 "norma-bench run --help has examples");
        return false;
    }
    if (options->resume && is_standard_output(options->output)) {
        tool_say("--resume needs -o FILE, the file to go on with");
        return false;
    }
    if (options->tabulated && options->output && is_standard_output(options->output)) {
        tool_say("--format table and -o - both want standard output: leave one out");
        return false;
    }
    if (!check_watch(options)) {
        return false;
    }
    if (count_standard_inputs(options) > 1) {
        tool_say("standard input (-) can be read only once");
        return false;
    }
    return true;
}

static struct bench_run_options defaults(void) {
    struct bench_run_options options = {.seed = 1, .effort = normal, .shard = 1, .shards = 1};
    for (int64_t batch = 1; batch <= 128; batch *= 2) {
        options.axes.micro_batches[options.axes.micro_batch_count++] = batch;
    }
    options.axes.pass_chosen[NORMA_PASS_FORWARD] = true;
    options.axes.layout_chosen[NORMA_LAYOUT_NCS] = true;
    return options;
}

enum tool_options_end bench_run_options_read(int argc, char **argv,
                                             struct bench_run_options *options) {
    struct overrides overrides = {0};
    *options = defaults();
    int code;
    static char program[] = "norma-bench run";
    tool_options_begin(argv, program);
    while ((code = getopt_long(argc, argv, "o:h", long_options, NULL)) != -1) {
        if (tool_option_is_answered(code, help)) {
            if (code == 'h') {
                print_shape_sets();
            }
            return TOOL_OPTIONS_DONE;
        }
        if (!read_option(code, optarg, options, &overrides)) {
            return TOOL_OPTIONS_WRONG;
        }
    }
    for (int i = optind; i < argc; i++) {
        tool_list_add(&options->problems, argv[i]);
    }
    apply_effort(&overrides, &options->effort);
    apply_output(&overrides, options);
    options->case_timeout = (unsigned)overrides.case_timeout;
    return check(options) ? TOOL_OPTIONS_RUN : TOOL_OPTIONS_WRONG;
}

void bench_run_options_free(struct bench_run_options *options) {
    tool_list_free(&options->shapes);
    tool_list_free(&options->implementations);
    tool_list_free(&options->required);
    tool_list_free(&options->loaded);
    tool_list_free(&options->watched);
    tool_list_free(&options->problems);
}
