/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "bench/run/run_options.h"
#include "bench/shapes/shapes.h"
#include "verify/harness/harness.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The options, and values that win over --quick, --full and what is usual on a terminal, wherever
 * they stand. */
struct command_line {
    struct bench_run_options options;
    double seconds;  /* 0: not given */
    int min_samples; /* 0: not given */
    int format;      /* FORMAT_NONE: not given */
};

enum { FORMAT_NONE = -1, FORMAT_TABLE, FORMAT_JSONL, FORMAT_CSV, FORMAT_MARKDOWN };

/* Quick shows factors of 1.1; full is for a quiet evening, and shows factors of 1.01. Primers are
 * executions before a sample: with one, the times of a kernel fell into two groups, 15 to 30%
 * apart, depending on which kernel ran before it. With two this was gone at 13 MB, with four at
 * 50 MB. */
static const struct bench_effort normal = {
    .seconds = 1.0, .min_samples = 5, .max_samples = 100, .precision = 0.005, .primers = 4};
static const struct bench_effort quick = {
    .seconds = 0.4, .min_samples = 3, .max_samples = 30, .precision = 0.02, .primers = 2};
static const struct bench_effort full = {
    .seconds = 5.0, .min_samples = 10, .max_samples = 500, .precision = 0.001, .primers = 4};

/* ---- values ---------------------------------------------------------------------------------- */

TOOL_VALUES(format_name, "table", "jsonl", "csv", "markdown")
TOOL_VALUES(order_name, "given", "time", "name")

static const char *operator_name(int op) {
    return norma_operator_name((norma_operator)op);
}

static const char *pass_name(int pass) {
    return norma_pass_name((norma_pass)pass);
}

static const char *layout_name(int layout) {
    return norma_layout_name((norma_layout)layout);
}

static bool take_micro_batches(const struct tool_option *option, const char *text, void *target) {
    struct bench_sweep_axes *axes = target;
    struct tool_list items = {NULL, 0};
    tool_list_split(&items, text);
    bool read = items.count <= BENCH_MICRO_BATCHES;
    axes->micro_batches_given = true;
    axes->micro_batch_count = read ? items.count : 0;
    for (size_t i = 0; i < axes->micro_batch_count && read; i++) {
        read = tool_read_integer(items.items[i], 1, 1 << 28, &axes->micro_batches[i]);
    }
    tool_list_free(&items);
    return read || tool_wrong_value(option, text, "up to 16 numbers above 0, e.g. 1,8,64");
}

static bool take_operators(const struct tool_option *option, const char *text, void *target) {
    struct bench_sweep_axes *axes = target;
    axes->operators_given = true;
    return tool_take_choices(option, text, axes->operator_chosen);
}

static bool take_passes(const struct tool_option *option, const char *text, void *target) {
    struct bench_sweep_axes *axes = target;
    axes->passes_given = true;
    return tool_take_choices(option, text, axes->pass_chosen);
}

static bool take_layouts(const struct tool_option *option, const char *text, void *target) {
    struct bench_sweep_axes *axes = target;
    axes->layouts_given = true;
    return tool_take_choices(option, text, axes->layout_chosen);
}

static bool take_threads(const struct tool_option *option, const char *text, void *target) {
    struct bench_run_options *options = target;
    return tool_take_threads(option, text, options->threads, &options->thread_count);
}

static bool take_shard(const struct tool_option *option, const char *text, void *target) {
    struct bench_run_options *options = target;
    return tool_take_shard(option, text, &options->shard, &options->shards);
}

static bool take_quick(const struct tool_option *option, const char *text, void *target) {
    (void)option, (void)text;
    *(struct bench_effort *)target = quick;
    return true;
}

static bool take_full(const struct tool_option *option, const char *text, void *target) {
    (void)option, (void)text;
    *(struct bench_effort *)target = full;
    return true;
}

/* ---- options --------------------------------------------------------------------------------- */

#define OF(member)      offsetof(struct command_line, member)
#define OPTIONS(member) offsetof(struct command_line, options.member)

/* Returns the name of a set of shapes, for completions. */
static const char *shape_set_name(int index) {
    static char names[300];
    bench_shape_file_names(names, sizeof names);
    char *name = strtok(names, " ");
    while (name && index-- > 0) {
        name = strtok(NULL, " ");
    }
    return name;
}

static const struct tool_option rows[] = {
    {.help = "What is measured"},
    {NULL, 0, "PROBLEM",
     .help = "a problem; @FILE: a file of problems, one per line; -: standard input"},
    {"shapes", 0, "A,B", tool_take_list, OPTIONS(shapes),
     .help = "shape sets: names (listed below), paths of files, or -", .value = shape_set_name},
    {"micro-batches", 0, "1,2", take_micro_batches, OPTIONS(axes),
     .help = "numbers of samples to combine with the shapes (default: powers of two from 1 to 128, "
             "or the set's)"},
    {"operators", 0, "A,B", take_operators, OPTIONS(axes),
     .help = "operators to combine with the shapes (default: all, or the set's)",
     .value = operator_name},
    {"pass", 0, "A,B", take_passes, OPTIONS(axes),
     .help =
         "passes to combine with the shapes and problems: fwd, inf, bwd, inf_bwd (default: fwd, "
         "or what the problem says)",
     .value = pass_name},
    {"layout", 0, "A,B", take_layouts, OPTIONS(axes),
     .help = "layouts to combine with the shapes and problems: ncs, nsc (default: ncs, or what the "
             "problem says)",
     .value = layout_name},
    {"impl", 0, "A,B", tool_take_list, OPTIONS(implementations),
     .help = "implementations, by name or pattern, e.g. avx2,'onednn*' (default: all that this "
             "machine can run, but the reference)",
     .value = verify_implementation_available_name},
    {"load", 0, "FILE", tool_take_item, OPTIONS(loaded),
     .help = "add the set of a plug-in, a shared library (norma_set.h); may be given again. "
             "Without --impl, this set and the one that it is based on are measured"},
    {"watch", 0, "FILE", tool_take_item, OPTIONS(watched),
     .help = "build and measure again whenever FILE changes; may be given again"},
    {"build", 0, "COMMAND", tool_take_text, OPTIONS(build),
     .help = "how --watch builds (default: a C compiler makes the file of --load from the .c files "
             "of --watch)"},
    {"threads", 0, "1,2", take_threads, OF(options),
     .help = "numbers of threads (default: 1 and all cores)"},
    {"cpus", 0, "LIST", tool_take_text, OPTIONS(cpus),
     .help =
         "hardware threads to run on, as taskset counts them, e.g. 0-3,8 (default: all that this "
         "process may use)"},
    {"require", 0, "A,B", tool_take_list, OPTIONS(required),
     .help = "exit with status 3 if this machine or build lacks one of these implementations",
     .value = verify_implementation_available_name},
    {"shard", 0, "I/N", take_shard, OF(options), .help = "only every Nth problem, from the Ith on"},
    {"list", 0, NULL, tool_take_flag, OPTIONS(list),
     .help = "print the problems, in the form that - and @FILE take, and measure nothing"},
    {.help = "How"},
    {"quick", 0, NULL, take_quick, OPTIONS(effort), .help = "less time and fewer samples"},
    {"full", 0, NULL, take_full, OPTIONS(effort), .help = "more time and samples"},
    {"time", 0, "SECONDS", tool_take_seconds, OF(seconds),
     .help =
         "time for a problem and number of threads (default: 1; with --quick 0.4, with --full 5)"},
    {"min-samples", 0, "N", tool_take_count, OF(min_samples),
     .help = "least number of samples of each implementation (default: 5; with --quick 3, with "
             "--full 10)",
     .number = 1000000},
    {"seed", 0, "N", tool_take_seed, OPTIONS(seed),
     .help = "seed of the data and of the order (default: 1)"},
    {"profile", 0, "FILE", tool_take_text, OPTIONS(profile),
     .help = "tuning of norma's sets (default: the user's; '': none)"},
    {"case-timeout", 0, "SECONDS", tool_take_count, OPTIONS(case_timeout),
     .help = "time after which a kernel has failed (default: 60, and more for large problems)",
     .number = 1000000},
    {"max-memory", 0, "SIZE", tool_take_size, OPTIONS(max_memory),
     .help = "skip problems that need more, e.g. 800M, 4G (default: half of the memory that "
             "containers and ulimit leave)"},
    {"counters", 0, NULL, tool_take_flag, OPTIONS(counters),
     .help = "after the timing, also count cycles, cache misses, page faults and other events"},
    {.help = "Output"},
    {"output", 'o', "FILE", tool_take_text, OPTIONS(output),
     .help = "write to FILE, which must be new or empty (default: standard output)"},
    {"format", 0, "FORMAT", tool_take_choice, OF(format),
     .help = "format of standard output: table, jsonl, csv or markdown (default: table on a "
             "terminal without -o, else jsonl)",
     .value = format_name},
    {"sort", 0, "ORDER", tool_take_choice, OPTIONS(order),
     .help = "order of the rows of a problem in tables: given, time or name (default: given)",
     .value = order_name},
    {"resume", 0, NULL, tool_take_flag, OPTIONS(resume),
     .help = "continue FILE: only what it lacks is measured"},
};

static const struct tool_example examples[] = {
    {"norma-bench run bn:8x64x56x56", "one problem, all implementations"},
    {"norma-bench run --impl avx2,onednn --threads 1 gn:2x320x48x48 in:8x64x56x56", NULL},
    {"norma-bench run --shapes resnet50 --operators bn,in --quick -o results.jsonl", NULL},
    {"norma-bench run --shapes resnet50 --operators bn,in --quick -o results.jsonl --resume", NULL},
    {"norma-bench run --shapes resnet50 --operators gn --pass fwd,bwd", "forward and backward"},
    {"norma-bench run --shapes odd --list | grep gn: | norma-bench run -", NULL},
    {"norma-bench run --load ./idea.so --impl idea,avx512 bn:8x64x56x56", "a set of your own"},
};

static void print_shape_sets(void) {
    char names[300];
    bench_shape_file_names(names, sizeof names);
    printf("Shape sets: %s\n", names);
}

static const struct tool_command command = {
    .name = "norma-bench run",
    .usage = "[OPTION]... [PROBLEM]...",
    .summary =
        "Times implementations of norma's operators against each other and against the fastest "
        "copy of the same tensors (backward: the sum of two), all interleaved at random on the "
        "same buffers. On a terminal it shows tables; elsewhere, and in files, it writes one JSON "
        "record per line. Nothing is timed that is not verified first.\n",
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .options = rows,
    .option_count = sizeof rows / sizeof rows[0],
    .notes = "Exit status: 0 fine; 1 a result was wrong; 2 bad command line, input or output; 3 "
             "--require not met, or nothing could be measured; 128 + signal: interrupted, and "
             "everything so far is written.\n",
    .print_lists = print_shape_sets,
};

/* ---- the command line ------------------------------------------------------------------------ */

static void apply_effort(const struct command_line *line, struct bench_effort *effort) {
    if (line->seconds > 0) {
        effort->seconds = line->seconds;
    }
    if (line->min_samples > 0) {
        effort->min_samples = (size_t)line->min_samples;
    }
    if (effort->max_samples < effort->min_samples) {
        effort->max_samples = effort->min_samples;
    }
}

/* Chooses between tables, which people read, and records, which are kept. */
static void apply_output(int format, struct bench_run_options *options) {
    static const enum bench_table_format formats[] = {
        [FORMAT_TABLE] = BENCH_TABLE_TEXT,
        [FORMAT_JSONL] = BENCH_TABLE_NONE,
        [FORMAT_CSV] = BENCH_TABLE_CSV,
        [FORMAT_MARKDOWN] = BENCH_TABLE_MARKDOWN,
    };
    const bool terminal = !options->output && isatty(STDOUT_FILENO);
    const int usual = terminal ? FORMAT_TABLE : FORMAT_JSONL;
    options->format = formats[format == FORMAT_NONE ? usual : format];
    if (!options->output && options->format == BENCH_TABLE_NONE) {
        options->output = "-";
    }
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
    return !output || tool_output_stream(output) == STDOUT_FILENO;
}

static bool check_watch(const struct bench_run_options *options) {
    if (options->watched.count == 0) {
        if (options->build) {
            tool_say("--build is for --watch FILE only");
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

/* Refuses what only shapes are combined with: a problem names its operator and samples itself. */
static bool check_axes(const struct bench_run_options *options) {
    const struct bench_sweep_axes *axes = &options->axes;
    if (options->shapes.count == 0 && (axes->operators_given || axes->micro_batches_given)) {
        tool_say("%s is for --shapes: each problem names its own; leave it out, or change the "
                 "problem",
                 axes->operators_given ? "--operators" : "--micro-batches");
        return false;
    }
    return true;
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
    if (options->format != BENCH_TABLE_NONE && options->output &&
        is_standard_output(options->output)) {
        tool_say("--format and -o - both use standard output: leave one out");
        return false;
    }
    if (!check_axes(options) || !check_watch(options)) {
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
    struct tool_operands operands;
    struct command_line line = {.options = defaults(), .format = FORMAT_NONE};
    const enum tool_options_end end = tool_options_read(&command, argc, argv, &line, &operands);
    *options = line.options;
    if (end != TOOL_OPTIONS_RUN) {
        return end;
    }
    for (size_t i = 0; i < operands.count; i++) {
        tool_list_add(&options->problems, operands.items[i]);
    }
    apply_effort(&line, &options->effort);
    apply_output(line.format, options);
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
