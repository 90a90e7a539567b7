/* norma-bench run: from the command line to the exit code.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "bench/machine/machine.h"
#include "bench/run/rebuild.h"
#include "bench/run/run_options.h"
#include "bench/run/supervision.h"
#include "verify/harness/harness.h"
#include "verify/harness/tool/tool.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct run {
    struct bench_run_options options;
    struct bench_cases cases;
    struct bench_implementation_list implementations;
    struct bench_cpu_binding binding;
    struct bench_results results;
    size_t unloaded; /* plug-ins that could not be loaded */
    int argc;
    char **argv;
};

static int usage_error(const struct tool_message *error) {
    tool_say("%s", error->text);
    return TOOL_EXIT_USAGE;
}

/* ---- what to run ---------------------------------------------------------------------------- */

static bool add_sets(struct run *run, struct tool_message *error) {
    const struct tool_list *names = &run->options.shapes;
    for (size_t i = 0; i < names->count; i++) {
        struct bench_shape_set set;
        if (!bench_shape_set_read(names->items[i], &set, error)) {
            return false;
        }
        bool added = bench_cases_add_set(&run->cases, &set, &run->options.axes, error);
        bench_shape_set_free(&set);
        if (!added) {
            return false;
        }
    }
    return true;
}

static bool add_problem(struct run *run, const char *item, struct tool_message *error) {
    const struct bench_sweep_axes *axes = &run->options.axes;
    if (strcmp(item, "-") == 0) {
        return bench_cases_add_file(&run->cases, item, axes, error);
    }
    if (item[0] == '@') {
        return bench_cases_add_file(&run->cases, item + 1, axes, error);
    }
    return bench_cases_add_problem(&run->cases, item, axes, error);
}

static bool make_cases(struct run *run, struct tool_message *error) {
    if (!add_sets(run, error)) {
        return false;
    }
    for (size_t i = 0; i < run->options.problems.count; i++) {
        if (!add_problem(run, run->options.problems.items[i], error)) {
            return false;
        }
    }
    if (run->cases.count == 0) {
        return tool_fail(error, "nothing to measure: none of the operators has such a pass");
    }
    bench_cases_keep_shard(&run->cases, run->options.shard, run->options.shards);
    return true;
}

static bool choose_threads(struct run *run, struct tool_message *error) {
    struct bench_run_options *options = &run->options;
    if (options->thread_count == 0) {
        options->threads[options->thread_count++] = 1;
        const int most = bench_default_threads(&run->binding);
        if (most > 1) {
            options->threads[options->thread_count++] = most;
        }
    }
    return bench_cpu_binding_allows(&run->binding, options->threads, options->thread_count, error);
}

/* ---- --list --------------------------------------------------------------------------------- */

static void list_case(const struct bench_case *test_case) {
    printf("%s", test_case->text);
    for (size_t i = 0; i < test_case->origin_count; i++) {
        const struct bench_origin *origin = &test_case->origins[i];
        if (*origin->shapes) {
            printf("%s %s %s *%lld", i ? "," : "  #", origin->shapes, origin->layer,
                   (long long)origin->count);
        }
    }
    printf("\n");
}

/* Prints the longest time that all groups may be timed for. Slow implementations, which have their
 * least number of samples all the same, and the verification come on top. */
static void list_duration(const struct run *run) {
    char text[32];
    const double groups = (double)run->cases.count * (double)run->options.thread_count;
    bench_duration_print(groups * run->options.effort.seconds, text, sizeof text);
    printf("; up to %s of timing", text);
}

/* Prints a file of problems; everything else is in comments. */
static int list(const struct run *run) {
    printf("# %zu problem%s; implementations:", run->cases.count, run->cases.count == 1 ? "" : "s");
    for (size_t i = 0; i < run->implementations.count; i++) {
        printf(" %s", run->implementations.items[i]->name);
    }
    printf("; threads:");
    for (size_t i = 0; i < run->options.thread_count; i++) {
        printf(" %d", run->options.threads[i]);
    }
    list_duration(run);
    printf("\n");
    for (size_t i = 0; i < run->cases.count; i++) {
        list_case(&run->cases.items[i]);
    }
    return tool_finish_stdout(TOOL_EXIT_FINE);
}

/* ---- measuring ------------------------------------------------------------------------------ */

/* Returns what decides how each measurement is made. */
static json_t *settings_record(const struct bench_effort *effort) {
    return json_pack("{s:f, s:I, s:I, s:f, s:I}", "seconds", effort->seconds, "min_samples",
                     (json_int_t)effort->min_samples, "max_samples",
                     (json_int_t)effort->max_samples, "precision", effort->precision, "primers",
                     (json_int_t)effort->primers);
}

static bool open_results(struct run *run, struct tool_message *error) {
    json_t *machine = bench_machine_record(run->binding.topology);
    bench_machine_add_run(machine, run->argc, run->argv, run->options.seed, &run->binding);
    json_object_set_new(machine, "settings", settings_record(&run->options.effort));
    bool opened = run->options.resume
                      ? bench_results_resume(&run->results, run->options.output, machine, error)
                      : bench_results_create(&run->results, run->options.output, error);
    run->results.resumable = true;
    if (!opened) {
        json_decref(machine);
        return false;
    }
    return bench_results_write(&run->results, machine, error);
}

static void say_interrupted(const struct run *run, size_t done) {
    tool_say("interrupted after %zu of %zu problems; %s", done, run->cases.count,
             run->results.lasting
                 ? "the same command with --resume continues"
                 : "what was written is complete (with -o FILE a run can be resumed)");
}

/* Checks whether there was something to measure, which a resumed file may leave none of, but no
 * time came of it. A shard does not know what the others measured. A run that ends well must have
 * measured something: scripts rely on its status, and look at no table. */
static bool measured_nothing(const struct run *run, const struct bench_sweep_totals *totals) {
    return run->cases.count > 0 && totals->times == 0 && run->options.shards == 1;
}

static int exit_code(const struct run *run, enum bench_sweep_end end,
                     const struct bench_sweep_totals *totals) {
    if (end == BENCH_SWEEP_INTERRUPTED) {
        say_interrupted(run, totals->done);
        return TOOL_EXIT_SIGNAL + tool_interrupted();
    }
    if (end == BENCH_SWEEP_UNREAD) {
        return TOOL_EXIT_SIGNAL + SIGPIPE; /* quietly, as other programs in a pipe end */
    }
    if (totals->failed > 0) {
        tool_say("%zu measurement%s not made, as a kernel was wrong, crashed or did not end",
                 totals->failed, totals->failed == 1 ? " was" : "s were");
        return TOOL_EXIT_FAILED;
    }
    if (measured_nothing(run, totals)) {
        tool_say("nothing was measured: all that was asked for was skipped, left out or not "
                 "supported, as the messages and the records say");
        return TOOL_EXIT_MISSING;
    }
    return TOOL_EXIT_FINE;
}

static int measure(struct run *run) {
    const struct bench_run_options *options = &run->options;
    struct bench_conditions conditions;
    struct bench_counters counters = {0};
    bench_conditions_start(&conditions, &run->binding);
    if (options->counters) {
        bench_counters_open(&counters);
    }
    struct bench_sweep sweep = {
        .cases = &run->cases,
        .implementations = &run->implementations,
        .threads = options->threads,
        .thread_count = options->thread_count,
        .effort = options->effort,
        .seed = options->seed,
        .memory = bench_memory_budget(options->max_memory),
        .case_timeout = options->case_timeout,
        .format = options->format,
        .order = (enum bench_table_order)options->order,
        .binding = &run->binding,
        .results = &run->results,
        .conditions = &conditions,
        .counters = &counters,
    };
    struct bench_sweep_totals totals = {0};
    enum bench_sweep_end end = bench_sweep_run(&sweep, &totals);
    if (end == BENCH_SWEEP_UNREAD && !run->results.lasting) {
        raise(SIGPIPE); /* nobody reads what is left to say */
    }
    const bool cut_short = end == BENCH_SWEEP_INTERRUPTED || end == BENCH_SWEEP_UNREAD;
    json_t *record = bench_conditions_finish(&conditions, cut_short);
    if (end == BENCH_SWEEP_UNWRITABLE || end == BENCH_SWEEP_BROKEN) {
        json_decref(record);
        return TOOL_EXIT_USAGE;
    }
    struct tool_message error;
    if (!bench_results_write(&run->results, record, &error)) {
        return usage_error(&error);
    }
    return exit_code(run, end, &totals);
}

static int measure_into_file(struct run *run) {
    struct tool_message error;
    tool_interrupt_watch(TOOL_GRACE);
    if (!open_results(run, &error)) {
        bench_results_close(&run->results, &error);
        return usage_error(&error);
    }
    int code = measure(run);
    if (!bench_results_close(&run->results, &error) && code != TOOL_EXIT_USAGE) {
        return usage_error(&error);
    }
    return code;
}

/* ---- the command ---------------------------------------------------------------------------- */

static int run_with_options(struct run *run) {
    struct tool_message error;
    if (!bench_has_required(&run->options.required, &error)) {
        tool_say("%s", error.text);
        return TOOL_EXIT_MISSING;
    }
    /* Tables and lists go to standard output even beside -o FILE. */
    if (!make_cases(run, &error) || !tool_output_check("-", &error) ||
        !bench_implementation_list_choose(&run->implementations, &run->options.implementations,
                                          run->unloaded, &error) ||
        !choose_threads(run, &error)) {
        return usage_error(&error);
    }
    const int code = run->options.list ? list(run) : measure_into_file(run);
    const bool fine = code == TOOL_EXIT_FINE || code == TOOL_EXIT_MISSING;
    return fine && run->unloaded > 0 ? TOOL_EXIT_USAGE : code; /* what is missing may be theirs */
}

/* Loads the plug-ins, and counts those that cannot be loaded, which are left out. */
static void load_plugins(struct run *run) {
    for (size_t i = 0; i < run->options.loaded.count; i++) {
        run->unloaded += !verify_take_plugin(run->options.loaded.items[i]);
    }
}

static int run_on_machine(void *context) {
    struct run *run = context;
    load_plugins(run);
    if (!verify_use_profile(run->options.profile)) {
        return TOOL_EXIT_USAGE;
    }
    struct tool_message error;
    if (!bench_use_cpus(run->options.cpus, &error)) {
        return usage_error(&error);
    }
    if (!bench_cpu_binding_open(&run->binding)) {
        tool_say("hwloc cannot read this machine's topology; lstopo may say why");
        return TOOL_EXIT_USAGE;
    }
    int code = run_with_options(run);
    bench_implementation_list_free(&run->implementations);
    bench_cases_free(&run->cases);
    bench_cpu_binding_close(&run->binding);
    return code;
}

static int watch(struct run *run) {
    const struct bench_rebuild watch = {
        .files = &run->options.watched,
        .build = run->options.build,
        .result = run->options.loaded.items[0],
        .round = run_on_machine,
        .context = run,
    };
    return bench_rebuild_run(&watch);
}

int bench_run(int argc, char **argv) {
    struct run run = {.argc = argc, .argv = argv};
    enum tool_options_end end = bench_run_options_read(argc, argv, &run.options);
    int code = TOOL_EXIT_USAGE;
    if (end == TOOL_OPTIONS_DONE) {
        code = tool_finish_stdout(TOOL_EXIT_FINE);
    } else if (end == TOOL_OPTIONS_RUN) {
        code = run.options.watched.count > 0 ? watch(&run) : run_on_machine(&run);
    }
    bench_run_options_free(&run.options);
    return code;
}
