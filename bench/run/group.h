/* A group: a case with a number of threads. The measurements of a group are interleaved.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RUN_GROUP_H
#define BENCH_RUN_GROUP_H

#include "bench/run/sweep_state.h"

struct bench_group {
    const struct bench_case *test_case;
    int threads;
    struct bench_entry *entries; /* the ceilings first */
    size_t count;
};

/* Returns whether this measurement is in the file that is resumed. */
bool bench_group_has(const struct bench_sweep *sweep, const struct bench_case *test_case,
                     const char *implementation, int threads);

/* Makes the entries: the ceilings always, the implementations unless they are in the resumed file
 * already. Implementations that have ended a worker in this group are entered as failed. */
void bench_group_open(const struct bench_sweep *sweep, struct bench_group *group);
void bench_group_close(struct bench_group *group);

/* Marks all entries as skipped. */
void bench_group_skip(struct bench_group *group, const char *reason);

/* Creates the states of the ceilings, which need no verification. */
void bench_group_create_ceilings(struct bench_group *group);

/* Times all entries that can be timed. Returns false if it was interrupted. */
bool bench_group_measure(const struct bench_sweep *sweep, struct bench_group *group,
                         const struct norma_args *args);

/* Copies into the entries how far the timing of these contenders is. */
void bench_group_update(struct bench_group *group, const struct bench_contender *contenders);

#endif
