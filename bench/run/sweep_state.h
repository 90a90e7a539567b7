/* A sweep: every case with every number of threads; and how far it is.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RUN_SWEEP_STATE_H
#define BENCH_RUN_SWEEP_STATE_H

#include "bench/machine/machine.h"
#include "bench/measure/measure.h"
#include "bench/results/results.h"
#include "bench/run/implementation_list.h"
#include "bench/run/table.h"
#include "bench/shapes/shapes.h"
#include "verify/harness/harness.h"

enum bench_sweep_end {
    BENCH_SWEEP_COMPLETE,
    BENCH_SWEEP_INTERRUPTED, /* tool_interrupted() has the signal */
    BENCH_SWEEP_UNREAD,      /* the reader of standard output has closed it */
    BENCH_SWEEP_UNWRITABLE,  /* the reason was reported */
    BENCH_SWEEP_BROKEN       /* something other than a kernel ended it; this was reported */
};

struct bench_sweep_totals {
    size_t done;   /* cases that are complete */
    size_t failed; /* measurements that were wrong, or ended the process */
    size_t times;  /* of what was asked for: measured, or done in the resumed file */
};

/* How far a sweep is. It lies in memory that the workers of a sweep share, as one continues where
 * another ended. */
struct bench_sweep_state {
    struct verify_guard
        guard; /* what runs now; its step is a group, a case with a number of threads */
    enum bench_sweep_end end;
    struct bench_sweep_totals totals;
    struct bench_table table;
};

struct bench_sweep {
    const struct bench_cases *cases;
    const struct bench_implementation_list *implementations;
    const int *threads;
    size_t thread_count;
    struct bench_effort effort;
    uint64_t seed;
    struct bench_memory_budget memory; /* what needs more is skipped */
    unsigned case_timeout; /* seconds for a turn of an implementation; 0: by the size of the case */
    enum bench_table_format format; /* of standard output, as well as records in the results */
    enum bench_table_order order;
    const struct bench_cpu_binding *binding;
    struct bench_results *results;
    struct bench_conditions *conditions;
    struct bench_sweep_state *state;
    struct bench_counters *counters;
};

#endif
