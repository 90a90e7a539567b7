/* Times contenders against each other on the same buffers: interleaved at random, in batches long
 * enough for the clock.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_SAMPLING_H
#define BENCH_MEASURE_SAMPLING_H

#include "bench/measure/counters.h"
#include "bench/measure/statistics.h"
#include "reference/interface/interface.h"

/* How much work to put into one group of contenders. */
struct bench_effort {
    double seconds;     /* of timing, shared out equally; more only where min_samples need it */
    size_t min_samples; /* of each contender; but never more than 3 of one that takes over 0.3 s */
    size_t max_samples;
    double precision; /* stop early once every relative error is below this */
    int64_t primers;  /* executions without timing before each sample: they bring a contender's data
                         back to the cache and leave it there as it leaves it itself; 0 where the
                         data cannot be in a cache */
};

struct bench_contender {
    const struct reference_implementation *implementation;
    void *state;
    norma_status
        status;      /* of its executions: the first that was not NORMA_STATUS_OK; then it is out */
    double expected; /* seconds for one execution; above 0 at the start: the state has been
                        executed, and so long did it take */
    double spent;    /* seconds, on its samples so far */
    int64_t batch;   /* executions in one sample */
    size_t count;
    double *samples; /* room for max_samples; seconds for one execution, means of batches */
    struct bench_estimate estimate;
    struct bench_counts counts; /* afterwards, where they are wanted */
};

/* Fills batch, samples, count and estimate of each contender. Contenders that cannot be executed
 * are left out with their status set. False: interrupted, and the samples are incomplete. */
bool bench_measure(struct bench_contender *contenders, size_t count, const struct norma_args *args,
                   const struct bench_effort *effort, uint64_t seed);

#endif
