/* The sweep: every case with every number of threads, verified, timed and written.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_SWEEP_H
#define NORMA_BENCH_SWEEP_H

#include "cases.h"
#include "conditions.h"
#include "measure.h"
#include "places.h"
#include "results.h"
#include "roster.h"

struct norma_sweep {
    const struct norma_cases *cases;
    const struct norma_roster *roster;
    const int *threads;
    size_t thread_count;
    struct norma_effort effort;
    uint64_t seed;
    uint64_t max_memory;
    const struct norma_places *places;
    struct norma_results *results;
    struct norma_conditions *conditions;
    struct norma_counters *counters;
};

enum norma_sweep_end {
    NORMA_SWEEP_COMPLETE,
    NORMA_SWEEP_INTERRUPTED, /* norma_interrupted() has the signal */
    NORMA_SWEEP_UNWRITABLE   /* said why */
};

/* *done: cases that are complete; *failed: verifications that failed. */
enum norma_sweep_end norma_sweep_run(const struct norma_sweep *sweep, size_t *done, size_t *failed);

#endif
