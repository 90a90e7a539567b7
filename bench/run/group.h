/* A group: a case with a number of threads, whose measurements are interleaved.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RUN_GROUP_H
#define BENCH_RUN_GROUP_H

#include "bench/run/sweep.h"

struct bench_group {
    const struct bench_case *one;
    int threads;
    struct bench_entry *entries; /* the ceilings first */
    size_t count;
};

/* Is this measurement in the file that is resumed? */
bool bench_group_has(const struct bench_sweep *sweep, const struct bench_case *one,
                     const char *implementation, int threads);

/* Makes the entries: the ceilings always, the implementations unless they are in the resumed file
 * already. Those that have ended a worker at this group have failed. */
void bench_group_open(const struct bench_sweep *sweep, struct bench_group *group);
void bench_group_close(struct bench_group *group);

/* None of it is measured. */
void bench_group_skip(struct bench_group *group, const char *reason);

void bench_group_create_ceilings(struct bench_group *group);

/* Times what can be timed. False: interrupted. */
bool bench_group_measure(const struct bench_sweep *sweep, struct bench_group *group,
                         const struct norma_args *args);

/* Takes over how far the timing of these contenders has come. */
void bench_group_update(struct bench_group *group, const struct bench_contender *contenders);

#endif
