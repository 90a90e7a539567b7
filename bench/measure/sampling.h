/* Times contenders against each other on the same buffers, interleaved at random, in batches long
 * enough for the clock.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_SAMPLING_H
#define BENCH_MEASURE_SAMPLING_H

#include "bench/measure/contender.h"

/* How much work to put into one group of contenders. */
struct bench_effort {
    double seconds;     /* of timing, in equal shares; more only where min_samples require it */
    size_t min_samples; /* for each contender, but at most 3 if an execution takes over 0.3 s */
    size_t max_samples;
    double precision; /* timing stops early once every relative error is below this */
    int64_t primers;  /* untimed executions before each sample: they bring a contender's data back
                         to the cache and leave the cache as this contender itself leaves it; 0
                         where the data cannot be in a cache */
};

/* Fills batch, samples, count, disturbed, uncertain, cpu and estimate of each contender. A
 * contender that cannot be executed
 * is dropped, with its status set. Returns false if it was interrupted; the samples are then
 * incomplete. */
bool bench_measure(struct bench_contender *contenders, size_t count, const struct norma_args *args,
                   const struct bench_effort *effort, uint64_t seed);

/* Callbacks while implementations are verified and timed: they tell which implementation was
 * running if the process ends, and how far the timing is. They are never called in timed code. */
struct bench_observer {
    /* The implementation runs from now on; NULL: none does. */
    void (*turn)(void *context, const struct reference_implementation *implementation);
    /* A round of samples is over. */
    void (*round)(void *context, const struct bench_contender *contenders, size_t count);
    void *context;
};

/* Sets the observer of this process; NULL: none. */
void bench_set_observer(const struct bench_observer *observer);

/* Tells the observer, if there is one, whose turn it is. */
void bench_notify_turn(const struct reference_implementation *implementation);

#endif
