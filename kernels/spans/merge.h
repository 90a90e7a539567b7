/* Moments in double, and sums of the backward pass: over spans of any length, which are cut into
 * chunks, and merged.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_SPANS_MERGE_H
#define KERNELS_SPANS_MERGE_H

#include "kernels/plan/plan.h"

/* Arrays of means and of sums of squared deviations from them. */
struct norma_moment_arrays {
    double *mean, *m2;
};

/* The elements of a plane that have a label. */
struct norma_region {
    const uint8_t *labels; /* NULL: all elements */
    uint8_t label;
};

/* Returns the arrays from an index on. */
static inline struct norma_moment_arrays norma_moments_from(struct norma_moment_arrays moments,
                                                            int64_t index) {
    return (struct norma_moment_arrays){moments.mean + index, moments.m2 + index};
}

/* Returns the number of chunks that a span of this length is cut into. */
static inline int64_t norma_chunks(int64_t length) {
    return norma_divide_up(length, NORMA_CHUNK);
}

/* Computes the moments of chunks [first, first + count) of a span, whose results begin at index
 * 0. */
void norma_moments_of_chunks(const struct norma_plan *plan, const void *span, int64_t length,
                             int64_t first, int64_t count, struct norma_moment_arrays moments);

/* Merges the moments of all chunks of a span, in order, into those of the span. */
void norma_merge_chunks(int64_t length, struct norma_moment_arrays chunks,
                        struct norma_moment_arrays span);

/* Computes the moments of contiguous spans of any length >= 1. */
void norma_moments_of_spans(const struct norma_plan *plan, const void *x, int64_t length,
                            int64_t spans, struct norma_moment_arrays moments);

/* Computes the moments of a region of each of some planes, which share their labels. Writes zeros
 * if the region has no element. */
void norma_moments_of_region(const struct norma_plan *plan, const void *x, int64_t planes,
                             struct norma_region region, struct norma_moment_arrays moments);

/* Computes what the set's gradient_sums does, for spans of any length, of the elements of a region.
 * The work must have no selection. */
void norma_sums_of_spans(const struct norma_plan *plan, const struct norma_gradient_sums *work,
                         struct norma_region region);

/* Computes the sums of chunks [first, first + count) of one span, whose results begin at index
 * 0. */
void norma_sums_of_chunks(const struct norma_plan *plan, const struct norma_gradient_sums *work,
                          int64_t first, int64_t count);

/* Merges (count, mean, m2) with those of another set, by the formula of Chan, Golub and LeVeque. */
void norma_merge_moments(double *count, double *mean, double *m2, double other_count,
                         double other_mean, double other_m2);

/* Merges each of some sets of `count` elements with another one of `other_count`. */
void norma_merge_sets(int64_t sets, double count, struct norma_moment_arrays moments,
                      double other_count, struct norma_moment_arrays others);

/* Merges the moments of the planes of all samples, [samples][channels], into those of each channel,
 * in the order of the samples. Each plane has `count` elements. */
void norma_merge_samples(int64_t samples, int64_t channels, int64_t count,
                         struct norma_moment_arrays planes, struct norma_moment_arrays batch);

/* Replaces each m2 over `count` elements by 1 / sqrt(m2 / count + epsilon). */
void norma_inverse_std(int64_t sets, double count, double epsilon, double *m2);

/* Replaces each m2 by 1 / sqrt(sum or mean of squares + epsilon). The sum is m2 + count mean^2,
 * without cancellation. */
void norma_inverse_norm(int64_t sets, int64_t count, bool mean_square, double epsilon,
                        struct norma_moment_arrays moments);

#endif
