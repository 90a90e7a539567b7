/* The sweep: every case with every number of threads, verified, timed and written; in a worker, so
 * that a kernel that crashes, hangs or exits fails its own measurement, and the rest takes place.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RUN_SWEEP_H
#define BENCH_RUN_SWEEP_H

#include "bench/machine/machine.h"
#include "bench/measure/measure.h"
#include "bench/results/results.h"
#include "bench/run/roster.h"
#include "bench/run/table.h"
#include "bench/shapes/shapes.h"
#include "verify/harness/harness.h"

enum bench_sweep_end {
    BENCH_SWEEP_COMPLETE,
    BENCH_SWEEP_INTERRUPTED, /* tool_interrupted() has the signal */
    BENCH_SWEEP_UNWRITABLE,  /* said why */
    BENCH_SWEEP_BROKEN       /* something other than a kernel ended it; said what */
};

/* How far a sweep is; in memory that its workers share, as one goes on where another ended. */
struct bench_course {
    struct verify_guard guard; /* its step is a group, a case with a number of threads */
    enum bench_sweep_end end;
    size_t done;   /* cases that are complete */
    size_t failed; /* measurements that were wrong, or ended the process */
    struct bench_table table;
};

/* What a worker tells of a measurement. */
struct bench_sweep_note {
    bool unpinned;         /* its threads could not be pinned; */
    double relative_error; /* if they could: of a time */
};

struct bench_sweep {
    const struct bench_cases *cases;
    const struct bench_roster *roster;
    const int *threads;
    size_t thread_count;
    struct bench_effort effort;
    uint64_t seed;
    uint64_t max_memory;
    unsigned case_timeout; /* seconds for a turn of an implementation; 0: by the size of the case */
    bool tabulated;        /* on standard output, as well as in the results */
    const struct bench_cpu_binding *binding;
    struct bench_results *results;
    struct bench_conditions *conditions;
    struct bench_course *course;
    struct bench_counters *counters;
};

/* Nothing has run in parallel in this process. *done: cases that are complete; *failed:
 * measurements that were not made as a kernel was wrong. */
enum bench_sweep_end bench_sweep_run(struct bench_sweep *sweep, size_t *done, size_t *failed);

/* In a worker: from the group at hand to the end; notes go through the pipe. */
void bench_sweep_work(const struct bench_sweep *sweep, int pipe);

#endif
