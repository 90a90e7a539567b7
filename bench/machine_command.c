/* norma-bench machine: from the command line to the page.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "arithmetic_loops.h"
#include "ceiling_loops.h"
#include "commands.h"
#include "interrupt.h"
#include "machine.h"
#include "machine_clock.h"
#include "machine_noise.h"
#include "machine_options.h"
#include "machine_page.h"
#include "machine_probe.h"
#include "user_profile.h"

#include <stdio.h>

struct command {
    struct norma_machine_options options;
    struct norma_places places;
    struct norma_results results;
    struct norma_conditions conditions;
    json_t *machine;
};

static int usage_error(const struct norma_message *error) {
    norma_say("%s", error->text);
    return NORMA_EXIT_USAGE;
}

static bool has_results(const struct norma_machine_options *options) {
    return options->output || options->jsonl;
}

/* ---- what is known ----------------------------------------------------------------------------
 */

/* 1, 2, 4, ... and all cores. */
static void choose_threads(struct norma_machine_options *options, int cores) {
    if (options->thread_count > 0) {
        return;
    }
    for (int threads = 1; threads < cores; threads *= 2) {
        options->threads[options->thread_count++] = threads;
    }
    options->threads[options->thread_count++] = cores;
}

/* Which code measures the ceilings; what the processor has none of is left out. */
static json_t *loops_record(void) {
    return json_pack("{s:s, s:s, s:s*, s:s, s:s*, s:s}", "read", norma_ceiling_read().name, "copy",
                     norma_ceiling_copy().name, "copy-stream", norma_ceiling_copy_stream().name,
                     "add", norma_ceiling_add().name, "add-stream", norma_ceiling_add_stream().name,
                     "fma", norma_arithmetic_loop(false).name);
}

static void describe(struct command *command, int argc, char **argv) {
    command->machine = norma_machine_record(command->places.topology);
    norma_machine_add_run(command->machine, argc, argv, command->options.seed);
    norma_places_bind(&command->places, 1);
    json_object_set_new(command->machine, "clock", norma_clock_record());
    if (!command->options.facts) {
        norma_status_line("noise");
        json_object_set_new(command->machine, "noise",
                            norma_noise_record(command->options.noise_seconds));
        json_object_set_new(command->machine, "loops", loops_record());
        norma_status_line(NULL);
    }
}

/* ---- the ceilings -----------------------------------------------------------------------------
 */

static int exit_code(enum norma_probe_end end) {
    switch (end) {
    case NORMA_PROBE_COMPLETE:
        return NORMA_EXIT_FINE;
    case NORMA_PROBE_INTERRUPTED:
        norma_say("interrupted; what was written is complete");
        return NORMA_EXIT_SIGNAL + norma_interrupted();
    case NORMA_PROBE_NO_MEMORY:
        norma_say("not enough memory; --max-memory leaves out what needs much");
        return NORMA_EXIT_USAGE;
    case NORMA_PROBE_UNWRITABLE:
        break;
    }
    return NORMA_EXIT_USAGE;
}

static int probe(struct command *command) {
    const struct norma_machine_options *options = &command->options;
    struct norma_probe probe = {
        .places = &command->places,
        .threads = options->threads,
        .thread_count = options->thread_count,
        .effort = options->effort,
        .seed = options->seed,
        .max_memory = options->max_memory ? options->max_memory : norma_memory_bytes() / 2,
        .octaves = options->octaves,
        .results = has_results(options) ? &command->results : NULL,
        .conditions = &command->conditions,
    };
    const int code = exit_code(norma_probe_run(&probe));
    if (!options->jsonl) {
        norma_page_compute(stdout, probe.compute, command->machine);
        norma_page_memory(stdout, probe.memory, command->machine);
    }
    json_decref(probe.compute);
    json_decref(probe.memory);
    return code;
}

static int measure(struct command *command) {
    norma_conditions_start(&command->conditions, command->places.cores);
    const int code = probe(command);
    json_t *record = norma_conditions_finish(&command->conditions, norma_interrupted() != 0);
    struct norma_message error;
    if (code == NORMA_EXIT_USAGE || !has_results(&command->options)) {
        json_decref(record);
        return code;
    }
    return norma_results_write(&command->results, record, &error) ? code : usage_error(&error);
}

/* ---- the command ------------------------------------------------------------------------------
 */

static bool open_results(struct command *command, struct norma_message *error) {
    const char *path = command->options.output;
    if (!has_results(&command->options)) {
        return true;
    }
    const bool opened = path
                            ? norma_results_resume(&command->results, path, command->machine, error)
                            : norma_results_create(&command->results, "-", error);
    return opened && norma_results_write(&command->results, json_incref(command->machine), error);
}

static int describe_and_measure(struct command *command) {
    struct norma_message error;
    if (!open_results(command, &error)) {
        return usage_error(&error);
    }
    if (!command->options.jsonl) {
        norma_page_machine(stdout, command->machine);
        fflush(stdout); /* to be read while the rest is measured */
    }
    return command->options.facts ? NORMA_EXIT_FINE : measure(command);
}

static int run_on_machine(struct command *command, int argc, char **argv) {
    struct norma_message error;
    if (!norma_places_suffice(&command->places, command->options.threads,
                              command->options.thread_count, &error)) {
        return usage_error(&error);
    }
    choose_threads(&command->options, command->places.cores);
    norma_interrupt_watch();
    describe(command, argc, argv);
    const int code = describe_and_measure(command);
    json_decref(command->machine);
    if (has_results(&command->options) && !norma_results_close(&command->results, &error) &&
        code != NORMA_EXIT_USAGE) {
        return usage_error(&error);
    }
    return command->options.jsonl ? code : norma_finish_stdout(code);
}

/* The profile that is said to be in use must be one that can be used. */
static bool look_at_profile(void) {
    char message[1200];
    const bool usable = norma_user_profile(NULL, message, sizeof message);
    if (*message) {
        norma_say("%s", message);
    }
    return usable;
}

int norma_bench_machine(int argc, char **argv) {
    struct command command = {0};
    const enum norma_options_end end = norma_machine_options_read(argc, argv, &command.options);
    if (end == NORMA_OPTIONS_DONE) {
        return norma_finish_stdout(NORMA_EXIT_FINE);
    }
    if (end == NORMA_OPTIONS_WRONG || !look_at_profile()) {
        return NORMA_EXIT_USAGE;
    }
    if (!norma_places_open(&command.places)) {
        norma_say("hwloc cannot read this machine's topology; lstopo may say why");
        return NORMA_EXIT_USAGE;
    }
    const int code = run_on_machine(&command, argc, argv);
    norma_places_close(&command.places);
    return code;
}
