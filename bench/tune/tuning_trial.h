/* Tunings of one set against each other: verified, then timed interleaved on the same buffers.
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
    struct bench_progress progress; /* problems that have been tried, and are to be */
};

enum bench_trial_end {
    BENCH_TRIAL_COMPLETE,
    BENCH_TRIAL_INTERRUPTED,
    BENCH_TRIAL_WRONG, /* a tuning changed the result: said which */
    BENCH_TRIAL_NO_MEMORY
};

/* ratios[i]: the time of tunings[i + 1] relative to that of tunings[0], over all problems. count:
 * of tunings. */
enum bench_trial_end bench_trial_compare(struct bench_trial *trial,
                                         const struct norma_problem *problems, size_t problem_count,
                                         const struct norma_tuning *tunings, size_t count,
                                         struct bench_estimate *ratios);

#endif
