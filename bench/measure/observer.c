/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/measure/observer.h"

static const struct bench_observer *looking_on;

void bench_observe(const struct bench_observer *observer) {
    looking_on = observer;
}

void bench_observed_turn(const struct reference_implementation *implementation) {
    if (looking_on) {
        looking_on->turn(looking_on->context, implementation);
    }
}

void bench_observed_round(const struct bench_contender *contenders, size_t count) {
    if (looking_on) {
        looking_on->turn(looking_on->context, NULL);
        looking_on->round(looking_on->context, contenders, count);
    }
}
