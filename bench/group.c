/* A group of measurements.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "group.h"
#include "ceiling.h"
#include "memory.h"
#include "observer.h"
#include "traffic.h"

#include <stdlib.h>

bool norma_group_has(const struct norma_sweep *sweep, const struct norma_case *one,
                     const char *implementation, int threads) {
    return norma_results_has(sweep->results, one->text, implementation, threads, "hot");
}

static void add_entry(const struct norma_sweep *sweep, struct norma_group *group,
                      const struct norma_implementation *implementation, bool is_ceiling) {
    group->entries[group->count++] = (struct norma_entry){
        .share_of_bound = -1,
        .is_ceiling = is_ceiling,
        .contender = {.implementation = implementation,
                      .samples = norma_allocate(sweep->effort.max_samples, sizeof(double))},
    };
}

static void skip(struct norma_entry *entry, enum norma_outcome outcome, const char *reason) {
    entry->outcome = outcome;
    snprintf(entry->reason, sizeof entry->reason, "%s", reason);
}

void norma_group_open(const struct norma_sweep *sweep, struct norma_group *group) {
    size_t room = NORMA_CEILING_COUNT + sweep->roster->count;
    group->entries = norma_allocate(room, sizeof *group->entries);
    group->count = 0;
    for (size_t i = 0; i < NORMA_CEILING_COUNT; i++) {
        add_entry(sweep, group, &norma_ceilings_of(&group->one->problem)[i], true);
    }
    for (size_t i = 0; i < sweep->roster->count; i++) {
        const struct norma_implementation *implementation = sweep->roster->items[i];
        if (!norma_group_has(sweep, group->one, implementation->name, group->threads)) {
            add_entry(sweep, group, implementation, false);
            const struct norma_loss *loss = &sweep->course->guard.losses[i];
            if (loss->lost) {
                skip(&group->entries[group->count - 1], NORMA_FAILED, loss->message);
            }
        }
    }
}

void norma_group_close(struct norma_group *group) {
    for (size_t i = 0; i < group->count; i++) {
        struct norma_contender *contender = &group->entries[i].contender;
        if (contender->state) {
            norma_observed_turn(contender->implementation);
            contender->implementation->destroy(contender->state);
        }
        free(contender->samples);
    }
    norma_observed_turn(NULL);
    free(group->entries);
}

void norma_group_skip(struct norma_group *group, const char *reason) {
    for (size_t i = 0; i < group->count; i++) {
        skip(&group->entries[i], NORMA_SKIPPED, reason);
    }
}

void norma_group_create_ceilings(struct norma_group *group) {
    for (size_t i = 0; i < NORMA_CEILING_COUNT; i++) {
        struct norma_entry *entry = &group->entries[i];
        struct norma_contender *contender = &entry->contender;
        norma_status status = contender->implementation->create(
            contender->implementation, &contender->state, &group->one->problem, group->threads);
        if (status == NORMA_OK) {
            snprintf(entry->kernel, sizeof entry->kernel, "%s",
                     contender->implementation->kernel(contender->state));
        } else {
            skip(entry, NORMA_NOT_SUPPORTED, norma_strerror(status));
        }
    }
}

static size_t take_contenders(const struct norma_group *group, struct norma_contender *contenders) {
    size_t count = 0;
    for (size_t i = 0; i < group->count; i++) {
        if (group->entries[i].outcome == NORMA_TIMED) {
            contenders[count++] = group->entries[i].contender;
        }
    }
    return count;
}

void norma_group_update(struct norma_group *group, const struct norma_contender *contenders) {
    for (size_t i = 0; i < group->count; i++) {
        if (group->entries[i].outcome == NORMA_TIMED) {
            group->entries[i].contender = *contenders++;
        }
    }
}

bool norma_group_measure(const struct norma_sweep *sweep, struct norma_group *group,
                         const struct norma_args *args) {
    struct norma_contender *contenders = norma_allocate(group->count, sizeof *contenders);
    const size_t count = take_contenders(group, contenders);
    struct norma_effort effort = sweep->effort;
    if ((uint64_t)norma_footprint(&group->one->problem) > norma_largest_cache(sweep->places)) {
        effort.primers = 0;
    }
    bool complete = norma_measure(contenders, count, args, &effort, sweep->seed);
    norma_group_update(group, contenders);
    for (size_t i = 0; i < group->count; i++) {
        struct norma_entry *entry = &group->entries[i];
        if (entry->outcome == NORMA_TIMED) {
            norma_observed_turn(entry->contender.implementation);
            entry->contender.counts = norma_counters_take(sweep->counters, &entry->contender, args);
        }
        if (entry->outcome == NORMA_TIMED && entry->contender.status != NORMA_OK) {
            skip(entry, NORMA_FAILED, norma_strerror(entry->contender.status));
        }
    }
    free(contenders);
    return complete;
}
