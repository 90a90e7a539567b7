/* Times the plan as it is, the plan watched, and the ceilings, interleaved on the same buffers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/measure.h"
#include "bench/explain/explanation.h"
#include "bench/machine/machine.h"
#include "bench/run/run.h"
#include "verify/harness/harness.h"
#include "verify/harness/tool/tool.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { PLAIN = BENCH_CEILING_COUNT, WATCHED, ENTRIES };

struct measuring {
    struct bench_explanation *explanation;
    const struct bench_cpu_binding *places;
    const struct norma_problem *problem;
    struct bench_buffers buffers;
    struct bench_entry entries[ENTRIES];
};

/* ---- entries -------------------------------------------------------------------------------- */

/* Returns false if no set that watches could be added. */
static bool open_entries(struct measuring *measuring) {
    const struct bench_explanation *explanation = measuring->explanation;
    const struct reference_implementation *set =
        verify_implementation_find(explanation->plan.set->name);
    const struct reference_implementation *all[ENTRIES] = {
        [PLAIN] = set, [WATCHED] = bench_watch_open(set, explanation->threads)};
    for (int i = 0; i < BENCH_CEILING_COUNT; i++) {
        all[i] = &bench_ceilings_of(measuring->problem)[i];
    }
    for (int i = 0; i < ENTRIES; i++) {
        const size_t most = explanation->options->effort.max_samples;
        measuring->entries[i] = (struct bench_entry){
            .is_ceiling = i < BENCH_CEILING_COUNT,
            .contender = {.implementation = all[i], .samples = tool_allocate(most, sizeof(double))},
        };
    }
    return all[WATCHED] != NULL;
}

static void close_entries(struct measuring *measuring) {
    for (int i = 0; i < ENTRIES; i++) {
        struct bench_contender *contender = &measuring->entries[i].contender;
        if (contender->state) {
            contender->implementation->destroy(contender->state);
        }
        free(contender->samples);
    }
    bench_watch_close();
}

static void create_ceilings(struct measuring *measuring) {
    for (int i = 0; i < BENCH_CEILING_COUNT; i++) {
        struct bench_contender *contender = &measuring->entries[i].contender;
        const norma_status status =
            contender->implementation->create(contender->implementation, &contender->state,
                                              measuring->problem, measuring->explanation->threads);
        measuring->entries[i].outcome =
            status == NORMA_STATUS_OK ? BENCH_TIMED : BENCH_NOT_SUPPORTED;
    }
}

/* ---- timing --------------------------------------------------------------------------------- */

static bool time_entries(struct measuring *measuring, const struct norma_args *args) {
    const struct bench_explain_options *options = measuring->explanation->options;
    struct bench_contender contenders[ENTRIES];
    size_t count = 0;
    for (int i = 0; i < ENTRIES; i++) {
        if (measuring->entries[i].outcome == BENCH_TIMED) {
            contenders[count++] = measuring->entries[i].contender;
        }
    }
    bench_watch_forget();
    const bool complete = bench_measure(contenders, count, args, &options->effort, options->seed);
    count = 0;
    for (int i = 0; i < ENTRIES; i++) {
        if (measuring->entries[i].outcome == BENCH_TIMED) {
            measuring->entries[i].contender = contenders[count++];
        }
    }
    return complete;
}

static void take_results(struct measuring *measuring, const struct norma_args *args) {
    struct bench_explanation *explanation = measuring->explanation;
    const struct bench_entry *ceiling = bench_best_ceiling(measuring->entries, ENTRIES);
    const struct bench_contender *plain = &measuring->entries[PLAIN].contender;
    const struct bench_contender *watched = &measuring->entries[WATCHED].contender;
    struct bench_counters counters;
    explanation->measured = true;
    explanation->ceiling = ceiling->contender.implementation->name;
    explanation->ceiling_time = ceiling->contender.estimate;
    explanation->time = plain->estimate;
    explanation->slowdown = bench_estimate_ratio(
        &(struct bench_pair){watched->samples, plain->samples, watched->count, plain->count}, 1,
        BENCH_DRAW_SAMPLES, explanation->options->seed);
    explanation->watched = bench_watch_result();
    bench_counters_open(&counters);
    explanation->counts = bench_counters_take(&counters, plain, args);
}

static int say_outcome(const struct bench_entry *entry) {
    if (entry->outcome == BENCH_FAILED) {
        tool_say("nothing was measured because the result was wrong");
        return TOOL_EXIT_FAILED;
    }
    tool_say("%s: %s", entry->contender.implementation->name, entry->reason);
    return TOOL_EXIT_USAGE;
}

static int say_interrupted(void) {
    tool_say("interrupted; nothing was written");
    return TOOL_EXIT_SIGNAL + tool_interrupted();
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* Verifies the plan, as everything that is timed, and the watched one as well; then times them. */
static int verify_and_time(struct measuring *measuring, struct bench_verification *verification) {
    const int threads = measuring->explanation->threads;
    void *pointers[REFERENCE_TENSOR_COUNT];
    bench_bind_threads(measuring->places, threads);
    if (!verification->truth ||
        !bench_buffers_place(&measuring->buffers, measuring->problem, threads, pointers)) {
        tool_say("not enough memory; --plan-only needs none");
        return TOOL_EXIT_USAGE;
    }
    char command[TOOL_CRASH_COMMAND];
    verify_print_command("", measuring->explanation->plan.set->name, threads,
                         measuring->explanation->options->seed, verification->text, command,
                         sizeof command);
    tool_crash_case(command);
    create_ceilings(measuring);
    if (!bench_verify_entries(verification, measuring->problem, threads, measuring->entries,
                              ENTRIES, pointers)) {
        return say_interrupted();
    }
    bench_verification_close(verification);
    for (int i = PLAIN; i < ENTRIES; i++) {
        if (measuring->entries[i].outcome != BENCH_TIMED) {
            return say_outcome(&measuring->entries[i]);
        }
    }
    const struct norma_args args = reference_tensors_bind(pointers);
    if (!time_entries(measuring, &args)) {
        return say_interrupted();
    }
    take_results(measuring, &args);
    return TOOL_EXIT_FINE;
}

static bool fits_memory(const struct norma_problem *problem) {
    const struct bench_memory_budget budget = bench_memory_budget(0);
    const uint64_t needed = bench_memory_needed(problem);
    if (needed <= budget.bytes) {
        return true;
    }
    char reason[BENCH_MEMORY_EXCESS_TEXT];
    bench_memory_excess_print(&budget, needed, reason);
    tool_say("measuring %s; --plan-only needs none", reason);
    return false;
}

int bench_explain_measure(struct bench_explanation *explanation,
                          const struct bench_cpu_binding *places) {
    struct measuring measuring = {
        .explanation = explanation, .places = places, .problem = &explanation->options->problem};
    struct bench_verification verification = {0};
    if (!fits_memory(measuring.problem)) {
        return TOOL_EXIT_MISSING;
    }
    tool_interrupt_watch(TOOL_GRACE);
    bench_buffers_open(&measuring.buffers, bench_has_several_nodes(places));
    int code = TOOL_EXIT_USAGE;
    if (open_entries(&measuring)) {
        bench_bind_threads(places, omp_get_max_threads());
        bench_verification_open(&verification, measuring.problem, explanation->options->seed);
        code = verify_and_time(&measuring, &verification);
        bench_verification_close(&verification);
    } else {
        tool_say("too many plug-ins are loaded to watch a set; --plan-only needs no other");
    }
    close_entries(&measuring);
    bench_buffers_close(&measuring.buffers);
    return code;
}
