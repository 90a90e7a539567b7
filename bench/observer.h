/* Who looks on while implementations are verified and timed: to know who ran, should it end the
 * process, and to show how far the timing is. What is done here is never timed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_OBSERVER_H
#define NORMA_BENCH_OBSERVER_H

#include "measure.h"

struct norma_observer {
    /* It runs from now on; NULL: no implementation does. */
    void (*turn)(void *context, const struct norma_implementation *implementation);
    /* A round of samples is over. */
    void (*round)(void *context, const struct norma_contender *contenders, size_t count);
    void *context;
};

/* From now on, in this process; NULL: nobody does. */
void norma_observe(const struct norma_observer *observer);

void norma_observed_turn(const struct norma_implementation *implementation);
void norma_observed_round(const struct norma_contender *contenders, size_t count);

#endif
