/* SPDX-License-Identifier: Apache-2.0 */
#include "observer.h"

static const struct norma_observer *looking_on;

void norma_observe(const struct norma_observer *observer) {
    looking_on = observer;
}

void norma_observed_turn(const struct norma_implementation *implementation) {
    if (looking_on) {
        looking_on->turn(looking_on->context, implementation);
    }
}

void norma_observed_round(const struct norma_contender *contenders, size_t count) {
    if (looking_on) {
        looking_on->turn(looking_on->context, NULL);
        looking_on->round(looking_on->context, contenders, count);
    }
}
