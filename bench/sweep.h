/* The sweep: every case with every number of threads, verified, timed and written; in a worker, so
 * that a kernel that crashes, hangs or exits fails its own measurement, and the rest takes place.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_SWEEP_H
#define NORMA_BENCH_SWEEP_H

#include "cases.h"
#include "conditions.h"
#include "guard.h"
#include "measure.h"
#include "places.h"
#include "results.h"
#include "roster.h"
#include "table.h"

enum norma_sweep_end {
    NORMA_SWEEP_COMPLETE,
    NORMA_SWEEP_INTERRUPTED, /* norma_interrupted() has the signal */
    NORMA_SWEEP_UNWRITABLE,  /* said why */
    NORMA_SWEEP_BROKEN       /* something other than a kernel ended it; said what */
};

/* How far a sweep is; in memory that its workers share, as one goes on where another ended. */
struct norma_course {
    struct norma_guard guard; /* its step is a group, a case with a number of threads */
    enum norma_sweep_end end;
    size_t done;   /* cases that are complete */
    size_t failed; /* measurements that were wrong, or ended the process */
    struct norma_table table;
};

/* What a worker tells of a measurement. */
struct norma_sweep_note {
    bool unpinned;         /* its threads could not be pinned; */
    double relative_error; /* if they could: of a time */
};

struct norma_sweep {
    const struct norma_cases *cases;
    const struct norma_roster *roster;
    const int *threads;
    size_t thread_count;
    struct norma_effort effort;
    uint64_t seed;
    uint64_t max_memory;
    unsigned case_timeout; /* seconds for a turn of an implementation; 0: by the size of the case */
    bool tabulated;        /* on standard output, as well as in the results */
    const struct norma_places *places;
    struct norma_results *results;
    struct norma_conditions *conditions;
    struct norma_course *course;
    struct norma_counters *counters;
};

/* Nothing has run in parallel in this process. *done: cases that are complete; *failed:
 * measurements that were not made as a kernel was wrong. */
enum norma_sweep_end norma_sweep_run(struct norma_sweep *sweep, size_t *done, size_t *failed);

/* In a worker: from the group at hand to the end; notes go through the pipe. */
void norma_sweep_work(const struct norma_sweep *sweep, int pipe);

#endif
