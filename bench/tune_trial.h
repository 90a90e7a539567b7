/* Tunings of one set against each other: verified, then timed interleaved on the same buffers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_TUNE_TRIAL_H
#define NORMA_BENCH_TUNE_TRIAL_H

#include "buffers.h"
#include "measure.h"
#include "places.h"
#include "progress.h"
#include "tuning.h"

struct norma_trial {
    const struct norma_implementation *set;
    int threads;
    struct norma_effort effort; /* for one problem and all tunings that are compared on it */
    uint64_t seed;
    const struct norma_places *places;
    struct norma_buffers buffers;
    struct norma_progress progress; /* problems that have been tried, and are to be */
};

enum norma_trial_end {
    NORMA_TRIAL_COMPLETE,
    NORMA_TRIAL_INTERRUPTED,
    NORMA_TRIAL_WRONG, /* a tuning changed the result: said which */
    NORMA_TRIAL_NO_MEMORY
};

/* ratios[i]: the time of tunings[i + 1] relative to that of tunings[0], over all problems. count:
 * of tunings. */
enum norma_trial_end norma_trial_compare(struct norma_trial *trial,
                                         const struct norma_problem *problems, size_t problem_count,
                                         const struct norma_tuning *tunings, size_t count,
                                         struct norma_estimate *ratios);

#endif
