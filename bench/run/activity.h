/* The signs of life of a sweep: what it does now, and since when. Reference results of a large
 * tensor take minutes, in which nothing else is printed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RUN_ACTIVITY_H
#define BENCH_RUN_ACTIVITY_H

#include "bench/measure/measure.h"

#include <pthread.h>

struct bench_activity {
    struct bench_progress *progress;
    const char *problem;
    const char *what; /* "verifying" */
    const char *name; /* of the implementation that this is done with; NULL: of none */
    double since, shown;
    bool ticks;
    pthread_t ticker;
    pthread_mutex_t mutex; /* of all above */
    pthread_cond_t end;
};

/* Shows what is done now with a problem and, until bench_activity_end, once a second how long it
 * has taken. That is done in a thread of its own, which must not run while something is timed. */
void bench_activity_begin(struct bench_activity *activity, const char *what);
void bench_activity_end(struct bench_activity *activity);

/* Names the implementation whose turn it is. */
void bench_activity_turn(struct bench_activity *activity, const char *name);

/* Shows what is timed now, unless that was done in the last second. Must be called between samples:
 * timing has no thread that shows it. */
void bench_activity_show_timing(struct bench_activity *activity, const char *name);

#endif
