/* A group of measurements.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/run/group.h"
#include "bench/machine/machine.h"
#include "bench/measure/measure.h"
#include "verify/harness/tool/tool.h"

#include <stdlib.h>

bool bench_group_has(const struct bench_sweep *sweep, const struct bench_case *test_case,
                     const char *implementation, int threads) {
    return bench_results_has(sweep->results, test_case->text, implementation, threads, "hot");
}

static void add_entry(const struct bench_sweep *sweep, struct bench_group *group,
                      const struct reference_implementation *implementation, bool is_ceiling) {
    group->entries[group->count++] = (struct bench_entry){
        .share_of_bound = -1,
        .is_ceiling = is_ceiling,
        .contender = {.implementation = implementation,
                      .samples = tool_allocate(sweep->effort.max_samples, sizeof(double))},
    };
}

static void skip(struct bench_entry *entry, enum bench_outcome outcome, const char *reason) {
    entry->outcome = outcome;
    snprintf(entry->reason, sizeof entry->reason, "%s", reason);
}

void bench_group_open(const struct bench_sweep *sweep, struct bench_group *group) {
    size_t room = BENCH_CEILING_COUNT + sweep->implementations->count;
    group->entries = tool_allocate(room, sizeof *group->entries);
    group->count = 0;
    for (size_t i = 0; i < BENCH_CEILING_COUNT; i++) {
        add_entry(sweep, group, &bench_ceilings_of(&group->test_case->problem)[i], true);
    }
    for (size_t i = 0; i < sweep->implementations->count; i++) {
        const struct reference_implementation *implementation = sweep->implementations->items[i];
        if (!bench_group_has(sweep, group->test_case, implementation->name, group->threads)) {
            add_entry(sweep, group, implementation, false);
            const struct verify_crash_record *crash = &sweep->state->guard.crashes[i];
            if (crash->crashed) {
                skip(&group->entries[group->count - 1], BENCH_FAILED, crash->message);
            }
        }
    }
}

void bench_group_close(struct bench_group *group) {
    for (size_t i = 0; i < group->count; i++) {
        struct bench_contender *contender = &group->entries[i].contender;
        if (contender->state) {
            bench_notify_turn(contender->implementation);
            contender->implementation->destroy(contender->state);
        }
        free(contender->samples);
    }
    bench_notify_turn(NULL);
    free(group->entries);
}

void bench_group_skip(struct bench_group *group, const char *reason) {
    for (size_t i = 0; i < group->count; i++) {
        skip(&group->entries[i], BENCH_SKIPPED, reason);
    }
}

void bench_group_create_ceilings(struct bench_group *group) {
    for (size_t i = 0; i < BENCH_CEILING_COUNT; i++) {
        struct bench_entry *entry = &group->entries[i];
        struct bench_contender *contender = &entry->contender;
        norma_status status =
            contender->implementation->create(contender->implementation, &contender->state,
                                              &group->test_case->problem, group->threads);
        if (status == NORMA_STATUS_OK) {
            snprintf(entry->kernel, sizeof entry->kernel, "%s",
                     contender->implementation->kernel(contender->state));
        } else {
            skip(entry, BENCH_NOT_SUPPORTED, norma_strerror(status));
        }
    }
}

static size_t take_contenders(const struct bench_group *group, struct bench_contender *contenders) {
    size_t count = 0;
    for (size_t i = 0; i < group->count; i++) {
        if (group->entries[i].outcome == BENCH_TIMED) {
            contenders[count++] = group->entries[i].contender;
        }
    }
    return count;
}

void bench_group_update(struct bench_group *group, const struct bench_contender *contenders) {
    for (size_t i = 0; i < group->count; i++) {
        if (group->entries[i].outcome == BENCH_TIMED) {
            group->entries[i].contender = *contenders++;
        }
    }
}

bool bench_group_measure(const struct bench_sweep *sweep, struct bench_group *group,
                         const struct norma_args *args) {
    struct bench_contender *contenders = tool_allocate(group->count, sizeof *contenders);
    const size_t count = take_contenders(group, contenders);
    struct bench_effort effort = sweep->effort;
    if ((uint64_t)bench_footprint(&group->test_case->problem) >
        bench_largest_cache(sweep->binding)) {
        effort.primers = 0;
    }
    bool complete = bench_measure(contenders, count, args, &effort, sweep->seed);
    bench_group_update(group, contenders);
    for (size_t i = 0; i < group->count; i++) {
        struct bench_entry *entry = &group->entries[i];
        if (entry->outcome == BENCH_TIMED) {
            bench_notify_turn(entry->contender.implementation);
            entry->contender.counts = bench_counters_take(sweep->counters, &entry->contender, args);
        }
        if (entry->outcome == BENCH_TIMED && entry->contender.status != NORMA_STATUS_OK) {
            skip(entry, BENCH_FAILED, norma_strerror(entry->contender.status));
        }
    }
    bench_notify_turn(NULL);
    free(contenders);
    return complete;
}
