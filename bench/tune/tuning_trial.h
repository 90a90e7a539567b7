/* Compares tunings of one set, which are verified, then timed interleaved on the same buffers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_TUNE_TUNING_TRIAL_H
#define BENCH_TUNE_TUNING_TRIAL_H

#include "bench/measure/measure.h"
#include <norma_tools.h>

struct bench_trial {
    const struct reference_implementation *set;
    int threads;
    struct bench_effort effort; /* for one problem and all tunings that are compared on it */
    uint64_t seed;
    const struct bench_cpu_binding *places;
    struct bench_buffers buffers;
    struct bench_progress progress; /* in problems */
    size_t samples; /* of a tuning in the last comparison, on all problems; the least of all */
    bool uncertain; /* in the last comparison, other work had a core for too much of a time */
};

enum bench_trial_end {
    BENCH_TRIAL_COMPLETE,
    BENCH_TRIAL_INTERRUPTED,
    BENCH_TRIAL_WRONG, /* a tuning changed the result, and a message names it */
    BENCH_TRIAL_NO_MEMORY
};

/* Compares `count` tunings. Sets ratios[i] to the time of tunings[i + 1] relative to that of
 * tunings[0], over all problems. */
enum bench_trial_end bench_trial_compare(struct bench_trial *trial,
                                         const struct norma_problem *problems, size_t problem_count,
                                         const struct norma_tuning *tunings, size_t count,
                                         struct bench_estimate *ratios);

#endif
