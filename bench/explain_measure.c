/* The plan's time: as it is, watched, and that of the ceilings, interleaved on the same buffers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "buffers.h"
#include "ceiling.h"
#include "command.h"
#include "commands.h"
#include "crash.h"
#include "explain.h"
#include "implementations.h"
#include "interrupt.h"
#include "machine.h"
#include "memory.h"
#include "tune_problems.h"
#include "verification.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { PLAIN = NORMA_CEILING_COUNT, WATCHED, ENTRIES };

struct measuring {
    struct norma_explanation *explanation;
    const struct norma_places *places;
    const struct norma_problem *problem;
    struct norma_buffers buffers;
    struct norma_entry entries[ENTRIES];
};

/* ---- entries -------------------------------------------------------------------------------- */

static void open_entries(struct measuring *measuring) {
    const struct norma_explanation *explanation = measuring->explanation;
    const struct norma_implementation *set = norma_implementation_find(explanation->plan.set->name);
    const struct norma_implementation *all[ENTRIES] = {
        [PLAIN] = set, [WATCHED] = norma_watch_open(set, explanation->threads)};
    for (int i = 0; i < NORMA_CEILING_COUNT; i++) {
        all[i] = &norma_ceilings_of(measuring->problem)[i];
    }
    for (int i = 0; i < ENTRIES; i++) {
        const size_t most = explanation->options->effort.max_samples;
        measuring->entries[i] = (struct norma_entry){
            .is_ceiling = i < NORMA_CEILING_COUNT,
            .contender = {.implementation = all[i],
                          .samples = norma_allocate(most, sizeof(double))},
        };
    }
}

static void close_entries(struct measuring *measuring) {
    for (int i = 0; i < ENTRIES; i++) {
        struct norma_contender *contender = &measuring->entries[i].contender;
        if (contender->state) {
            contender->implementation->destroy(contender->state);
        }
        free(contender->samples);
    }
    norma_watch_close();
}

static void create_ceilings(struct measuring *measuring) {
    for (int i = 0; i < NORMA_CEILING_COUNT; i++) {
        struct norma_contender *contender = &measuring->entries[i].contender;
        const norma_status status =
            contender->implementation->create(contender->implementation, &contender->state,
                                              measuring->problem, measuring->explanation->threads);
        measuring->entries[i].outcome = status == NORMA_OK ? NORMA_TIMED : NORMA_NOT_SUPPORTED;
    }
}

/* ---- timing --------------------------------------------------------------------------------- */

static bool time_entries(struct measuring *measuring, const struct norma_args *args) {
    const struct norma_explain_options *options = measuring->explanation->options;
    struct norma_contender contenders[ENTRIES];
    size_t count = 0;
    for (int i = 0; i < ENTRIES; i++) {
        if (measuring->entries[i].outcome == NORMA_TIMED) {
            contenders[count++] = measuring->entries[i].contender;
        }
    }
    norma_watch_forget();
    const bool complete = norma_measure(contenders, count, args, &options->effort, options->seed);
    count = 0;
    for (int i = 0; i < ENTRIES; i++) {
        if (measuring->entries[i].outcome == NORMA_TIMED) {
            measuring->entries[i].contender = contenders[count++];
        }
    }
    return complete;
}

static void take_results(struct measuring *measuring, const struct norma_args *args) {
    struct norma_explanation *explanation = measuring->explanation;
    const struct norma_entry *ceiling = norma_best_ceiling(measuring->entries, ENTRIES);
    const struct norma_contender *plain = &measuring->entries[PLAIN].contender;
    const struct norma_contender *watched = &measuring->entries[WATCHED].contender;
    struct norma_counters counters;
    explanation->measured = true;
    explanation->ceiling = ceiling->contender.implementation->name;
    explanation->ceiling_time = ceiling->contender.estimate;
    explanation->time = plain->estimate;
    explanation->watching = norma_estimate_ratio(
        &(struct norma_pair){watched->samples, plain->samples, watched->count, plain->count}, 1,
        NORMA_DRAW_SAMPLES, explanation->options->seed);
    explanation->watched = norma_watch_result();
    norma_counters_open(&counters);
    explanation->counts = norma_counters_take(&counters, plain, args);
}

static int say_outcome(const struct norma_entry *entry) {
    if (entry->outcome == NORMA_FAILED) {
        norma_say("nothing was measured because the result was wrong");
        return NORMA_EXIT_FAILED;
    }
    norma_say("%s: %s", entry->contender.implementation->name, entry->reason);
    return NORMA_EXIT_USAGE;
}

static int say_interrupted(void) {
    norma_say("interrupted; nothing was written");
    return NORMA_EXIT_SIGNAL + norma_interrupted();
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* Verified, like everything that is timed: the watched one, too. */
static int verify_and_time(struct measuring *measuring, struct norma_verification *verification) {
    const int threads = measuring->explanation->threads;
    void *pointers[NORMA_TENSOR_COUNT];
    norma_places_bind(measuring->places, threads);
    if (!verification->truth ||
        !norma_buffers_place(&measuring->buffers, measuring->problem, threads, pointers)) {
        norma_say("not enough memory; --plan-only needs none");
        return NORMA_EXIT_USAGE;
    }
    char command[NORMA_CRASH_COMMAND];
    norma_verify_command(measuring->explanation->plan.set->name, threads,
                         measuring->explanation->options->seed, verification->text, command,
                         sizeof command);
    norma_crash_case(command);
    create_ceilings(measuring);
    if (!norma_verify_entries(verification, measuring->problem, threads, measuring->entries,
                              ENTRIES, pointers)) {
        return say_interrupted();
    }
    norma_verification_close(verification);
    for (int i = PLAIN; i < ENTRIES; i++) {
        if (measuring->entries[i].outcome != NORMA_TIMED) {
            return say_outcome(&measuring->entries[i]);
        }
    }
    const struct norma_args args = norma_tensors_bind(pointers);
    if (!time_entries(measuring, &args)) {
        return say_interrupted();
    }
    take_results(measuring, &args);
    return NORMA_EXIT_FINE;
}

static bool fits_memory(const struct norma_problem *problem) {
    const uint64_t needed = norma_tune_memory(problem), most = norma_memory_bytes() / 2;
    if (needed > most) {
        norma_say("measuring needs %.2f GB, more than half of the memory (%.2f GB); --plan-only "
                  "needs none",
                  (double)needed / 1e9, (double)most / 1e9);
    }
    return needed <= most;
}

int norma_explain_measure(struct norma_explanation *explanation,
                          const struct norma_places *places) {
    struct measuring measuring = {
        .explanation = explanation, .places = places, .problem = &explanation->options->problem};
    struct norma_verification verification = {0};
    if (!fits_memory(measuring.problem)) {
        return NORMA_EXIT_USAGE;
    }
    norma_interrupt_watch();
    norma_buffers_open(&measuring.buffers, norma_places_several_nodes(places));
    open_entries(&measuring);
    norma_places_bind(places, omp_get_max_threads());
    norma_verification_open(&verification, measuring.problem, explanation->options->seed);
    const int code = verify_and_time(&measuring, &verification);
    norma_verification_close(&verification);
    close_entries(&measuring);
    norma_buffers_close(&measuring.buffers);
    return code;
}
