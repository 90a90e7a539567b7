/* A group: a case with a number of threads, whose measurements are interleaved.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_GROUP_H
#define NORMA_BENCH_GROUP_H

#include "sweep.h"

struct norma_group {
    const struct norma_case *one;
    int threads;
    struct norma_entry *entries; /* the ceilings first */
    size_t count;
};

/* Is this measurement in the file that is resumed? */
bool norma_group_has(const struct norma_sweep *sweep, const struct norma_case *one,
                     const char *implementation, int threads);

/* Makes the entries: the ceilings always, the implementations unless they are in the resumed file
 * already. Those that have ended a worker at this group have failed. */
void norma_group_open(const struct norma_sweep *sweep, struct norma_group *group);
void norma_group_close(struct norma_group *group);

/* None of it is measured. */
void norma_group_skip(struct norma_group *group, const char *reason);

void norma_group_create_ceilings(struct norma_group *group);

/* Times what can be timed. False: interrupted. */
bool norma_group_measure(const struct norma_sweep *sweep, struct norma_group *group,
                         const struct norma_args *args);

/* Takes over how far the timing of these contenders has come. */
void norma_group_update(struct norma_group *group, const struct norma_contender *contenders);

#endif
