/* Who looks on while implementations are verified and timed: to know who ran, should it end the
 * process, and to show how far the timing is. What is done here is never timed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_OBSERVER_H
#define BENCH_MEASURE_OBSERVER_H

#include "bench/measure/sampling.h"

struct bench_observer {
    /* It runs from now on; NULL: no implementation does. */
    void (*turn)(void *context, const struct reference_implementation *implementation);
    /* A round of samples is over. */
    void (*round)(void *context, const struct bench_contender *contenders, size_t count);
    void *context;
};

/* From now on, in this process; NULL: nobody does. */
void bench_observe(const struct bench_observer *observer);

void bench_observed_turn(const struct reference_implementation *implementation);
void bench_observed_round(const struct bench_contender *contenders, size_t count);

#endif
