/* norma-bench machine: from the command line to the page and the records.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/machine/machine.h"
#include "bench/machine/arithmetic_loops.h"
#include "bench/machine/ceiling.h"
#include "bench/machine/core_clock.h"
#include "bench/machine/machine_options.h"
#include "bench/machine/machine_page.h"
#include "bench/machine/probe.h"
#include "verify/harness/harness.h"
#include "verify/harness/tool/tool.h"

#include <stdio.h>

struct command {
    struct bench_machine_options options;
    struct bench_cpu_binding binding;
    struct bench_results results;
    struct bench_conditions conditions;
    json_t *machine;
};

static int usage_error(const struct tool_message *error) {
    tool_say("%s", error->text);
    return TOOL_EXIT_USAGE;
}

static bool has_results(const struct bench_machine_options *options) {
    return options->output || options->jsonl;
}

/* ---- what is known -------------------------------------------------------------------------- */

/* Chooses 1, 2, 4 and so on, and most, unless the numbers of threads were given. */
static void choose_threads(struct bench_machine_options *options, int most) {
    if (options->thread_count > 0) {
        return;
    }
    for (int threads = 1; threads < most; threads *= 2) {
        options->threads[options->thread_count++] = threads;
    }
    options->threads[options->thread_count++] = most;
}

/* Returns the names of the loops that measure the ceilings, as far as the processor has them. */
static json_t *loops_record(void) {
    json_t *record = json_object();
    for (int i = 0; i < BENCH_CEILING_KINDS; i++) {
        const char *name = bench_ceiling_loop_at((enum bench_ceiling_kind)i).name;
        if (name) {
            json_object_set_new(record, bench_ceilings[i].name, json_string(name));
        }
    }
    json_object_set_new(record, "fma", json_string(bench_arithmetic_loop_at(false).name));
    return record;
}

static void describe(struct command *command, int argc, char **argv) {
    command->machine = bench_machine_record(command->binding.topology);
    bench_machine_add_run(command->machine, argc, argv, command->options.seed, &command->binding);
    bench_bind_threads(&command->binding, 1);
    json_object_set_new(command->machine, "clock", bench_clock_record());
    if (!command->options.facts) {
        tool_status_line("noise");
        json_object_set_new(command->machine, "noise",
                            bench_noise_record(command->options.noise_seconds));
        json_object_set_new(command->machine, "loops", loops_record());
        tool_status_line(NULL);
    }
}

/* ---- the ceilings --------------------------------------------------------------------------- */

static int exit_code(enum bench_probe_end end) {
    switch (end) {
    case BENCH_PROBE_COMPLETE:
        return TOOL_EXIT_FINE;
    case BENCH_PROBE_INTERRUPTED:
        tool_say("interrupted; what was written is complete");
        return TOOL_EXIT_SIGNAL + tool_interrupted();
    case BENCH_PROBE_NO_MEMORY:
        tool_say("not enough memory; --max-memory leaves large tensors out");
        return TOOL_EXIT_USAGE;
    case BENCH_PROBE_UNWRITABLE:
        break;
    }
    return TOOL_EXIT_USAGE;
}

static int probe(struct command *command) {
    const struct bench_machine_options *options = &command->options;
    struct bench_probe probe = {
        .binding = &command->binding,
        .threads = options->threads,
        .thread_count = options->thread_count,
        .effort = options->effort,
        .seed = options->seed,
        .max_memory = bench_memory_budget(options->max_memory).bytes,
        .octaves = options->octaves,
        .results = has_results(options) ? &command->results : NULL,
        .conditions = &command->conditions,
    };
    const int code = exit_code(bench_probe_run(&probe));
    if (!options->jsonl) {
        bench_page_compute(stdout, probe.compute, command->machine);
        bench_page_memory(stdout, probe.memory, command->machine);
    }
    json_decref(probe.compute);
    json_decref(probe.memory);
    return code;
}

static int measure(struct command *command) {
    bench_conditions_start(&command->conditions, &command->binding);
    const int code = probe(command);
    json_t *record = bench_conditions_finish(&command->conditions, tool_interrupted() != 0);
    struct tool_message error;
    if (code == TOOL_EXIT_USAGE || !has_results(&command->options)) {
        json_decref(record);
        return code;
    }
    return bench_results_write(&command->results, record, &error) ? code : usage_error(&error);
}

/* ---- the command ---------------------------------------------------------------------------- */

static bool open_results(struct command *command, struct tool_message *error) {
    const char *path = command->options.output;
    if (!has_results(&command->options)) {
        return true;
    }
    const bool opened = path
                            ? bench_results_resume(&command->results, path, command->machine, error)
                            : bench_results_create(&command->results, "-", error);
    return opened && bench_results_write(&command->results, json_incref(command->machine), error);
}

static int describe_and_measure(struct command *command) {
    struct tool_message error;
    if (!open_results(command, &error)) {
        return usage_error(&error);
    }
    if (!command->options.jsonl) {
        bench_page_machine(stdout, command->machine);
        fflush(stdout); /* so that it can be read while the rest is measured */
    }
    return command->options.facts ? TOOL_EXIT_FINE : measure(command);
}

static int run_on_machine(struct command *command, int argc, char **argv) {
    struct tool_message error;
    if (!bench_cpu_binding_allows(&command->binding, command->options.threads,
                                  command->options.thread_count, &error)) {
        return usage_error(&error);
    }
    choose_threads(&command->options, bench_default_threads(&command->binding));
    tool_interrupt_watch(TOOL_GRACE);
    describe(command, argc, argv);
    const int code = describe_and_measure(command);
    json_decref(command->machine);
    if (has_results(&command->options) && !bench_results_close(&command->results, &error) &&
        code != TOOL_EXIT_USAGE) {
        return usage_error(&error);
    }
    return command->options.jsonl ? code : tool_finish_stdout(code);
}

int bench_machine(int argc, char **argv) {
    struct command command = {0};
    const enum tool_options_end end = bench_machine_options_read(argc, argv, &command.options);
    if (end == TOOL_OPTIONS_DONE) {
        return tool_finish_stdout(TOOL_EXIT_FINE);
    }
    if (end == TOOL_OPTIONS_WRONG || !verify_use_profile(NULL)) {
        return TOOL_EXIT_USAGE;
    }
    struct tool_message error;
    if (!tool_output_check("-", &error) || !bench_use_cpus(command.options.cpus, &error)) {
        return usage_error(&error);
    }
    if (!bench_cpu_binding_open(&command.binding)) {
        tool_say("hwloc cannot read this machine's topology; lstopo may say why");
        return TOOL_EXIT_USAGE;
    }
    const int code = run_on_machine(&command, argc, argv);
    bench_cpu_binding_close(&command.binding);
    return code;
}
