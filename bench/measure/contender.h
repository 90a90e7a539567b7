/* A contender: an implementation that is timed against others on the same buffers, and what was
 * measured of it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_CONTENDER_H
#define BENCH_MEASURE_CONTENDER_H

#include "bench/measure/perf.h"
#include "bench/measure/statistics.h"
#include "reference/interface/interface.h"

/* The counts of one execution, as means over a few executions. */
struct bench_counts {
    int64_t executions; /* 0: nothing was counted, and no other member is set */
    bool known[BENCH_EVENT_COUNT];
    double values[BENCH_EVENT_COUNT];
    double running; /* the smallest fraction of the time that any group of counters was running;
                       where it is below 1, the values of such groups are scaled up by it */
};

struct bench_contender {
    const struct reference_implementation *implementation;
    void *state;
    norma_status status; /* the first that was not NORMA_STATUS_OK; it is then not executed again */
    double expected;     /* seconds for one execution; above 0 at the start if the state has been
                            executed, which then took so long */
    double spent;        /* seconds used by its samples so far */
    int64_t batch;       /* executions in one sample */
    size_t count;
    double *samples;   /* room for max_samples; seconds for one execution, means of batches */
    size_t disturbed;  /* samples during which other work had a core. They are not in `samples`,
                         unless too few are left without them, which makes it uncertain */
    bool uncertain;    /* `samples` has disturbed ones, less the time that other work took; they are
                         too long by what that work left behind in caches */
    double *set_aside; /* the disturbed samples while it is measured, bench_measure's own */
    double cpu; /* seconds for which the calling thread was running, of one execution: the mean of
                   all samples, of the disturbed ones, too */
    struct bench_estimate estimate;
    struct bench_counts counts; /* taken after timing, if counters were asked for */
};

/* How well a contender could be measured. */
struct bench_quality {
    double relative_error;
    size_t samples, disturbed; /* all samples that were taken, and those of them */
    bool uncertain;
};

static inline struct bench_quality
bench_contender_quality(const struct bench_contender *contender) {
    return (struct bench_quality){
        .relative_error = bench_relative_error(&contender->estimate),
        .samples = contender->count + (contender->uncertain ? 0 : contender->disturbed),
        .disturbed = contender->disturbed,
        .uncertain = contender->uncertain,
    };
}

/* Executes until one execution fails. Returns the status of the last. */
static inline norma_status bench_contender_execute(const struct bench_contender *contender,
                                                   const struct norma_args *args,
                                                   int64_t executions) {
    norma_status status = NORMA_STATUS_OK;
    for (int64_t i = 0; i < executions && status == NORMA_STATUS_OK; i++) {
        status = contender->implementation->execute(contender->state, args);
    }
    return status;
}

#endif
