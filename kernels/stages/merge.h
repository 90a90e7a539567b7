/* Statistics in double: moments of runs of any length, merging, and what follows from them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_MERGE_H
#define KERNELS_STAGES_MERGE_H

#include <stdint.h>

#include "kernels/sets/sets.h"

/* Chunks of a run of this length. */
static inline int64_t norma_chunks(int64_t length) {
    return (length + NORMA_CHUNK - 1) / NORMA_CHUNK;
}

/* Moments of chunks [first, first + count) of one run; mean and m2 are indexed from 0. */
void norma_moments_of_chunks(const struct norma_set *set, const float *run, int64_t length,
                             int64_t first, int64_t count, double *mean, double *m2);

/* Merges the moments of all chunks of a run, in order. */
void norma_merge_chunks(int64_t length, const double *chunk_mean, const double *chunk_m2,
                        double *mean, double *m2);

/* Moments of `runs` contiguous runs of any length >= 1. */
void norma_moments_of_spans(const struct norma_set *set, const float *x, int64_t length,
                            int64_t spans, double *mean, double *m2);

/* The elements with this label, of which there may be none. */
struct norma_selection norma_select(const uint8_t *labels, int64_t length, uint8_t label);

/* Moments of the labelled elements of each of `runs` runs, which share their labels; zeros where
 * there are none. */
void norma_moments_of_region(const struct norma_set *set, const float *x, int64_t length,
                             int64_t spans, const uint8_t *labels, uint8_t label, double *mean,
                             double *m2);

/* The set's gradient_sums for runs of any length; of the elements with this label, unless labels is
 * NULL (then work->selection is filled here). */
void norma_sums_of_spans(const struct norma_set *set, const struct norma_gradient_sums *work,
                         const uint8_t *labels, uint8_t label);

/* Those of chunks [first, first + count) of one run; the sums are indexed from 0. */
void norma_sums_of_chunks(const struct norma_set *set, const struct norma_gradient_sums *work,
                          int64_t first, int64_t count);

/* Chan, Golub, LeVeque: (count, mean, m2) becomes that of the union with another set. */
void norma_merge_moments(double *count, double *mean, double *m2, double other_count,
                         double other_mean, double other_m2);

/* The same for `sets` sets of `count` elements each, and as many others. */
void norma_merge_sets(int64_t sets, double count, double *mean, double *m2, double other_count,
                      const double *other_mean, const double *other_m2);

/* Merges sample rows of `channels` planes each (rows `stride` apart, every plane of `count`
 * elements) into moments per channel, in order of the samples. */
void norma_merge_samples(int64_t samples, int64_t channels, int64_t stride, int64_t count,
                         const double *mean, const double *m2, double *batch_mean,
                         double *batch_m2);

/* In place, from m2 over `count` elements: 1 / sqrt(m2 / count + epsilon). */
void norma_inverse_std(int64_t sets, double count, double epsilon, double *m2);

/* In place: 1 / sqrt(sum or mean of squares + epsilon); the sum is m2 + count mean^2, without
 * cancellation. */
void norma_inverse_norm(int64_t sets, int64_t count, bool mean_square, double epsilon,
                        const double *mean, double *m2);

#endif
