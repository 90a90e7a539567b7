/* Backward: the means that rounding to float lost a part of.
 *
 * The caller hands on the means that the forward pass returned, which are floats. Rounding moves
 * the gradient by |mean| / sigma units in the last place, which is 3% of it where the mean is 10^6
 * deviations. So where the mean is more than four deviations, it is computed again from x, and the
 * sums, which are about the rounded mean, are moved to it.
 *
 * Rejected: to return the lost part beside each mean, which costs no time, but an argument more for
 * every statistic, that callers forget and other libraries do not have; and to sum x - mean beside
 * the other sums always, which costs all data what few need (kernels/experiments.md).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_RECOVERED_MEANS_H
#define KERNELS_STAGES_RECOVERED_MEANS_H

#include <float.h>
#include <math.h>

#include "kernels/stages/context.h"

/* Checks whether rounding this mean to float may move it by more than 2^-22 deviations. Smaller
 * means are left as they are: that is the size of the other roundings. The share of the variance in
 * variance + epsilon is known to about 2^-22, as inverse_std was rounded. A smaller one is taken
 * for none, so that every mean but 0 is large. False where a number is not finite: such statistics
 * are taken as they are. */
static inline bool norma_is_large_mean(double mean, double inverse_std, double epsilon) {
    const double share = 1.0 - epsilon * (inverse_std * inverse_std) - 0x1p-20;
    const double ratio = mean * inverse_std;
    return (ratio * ratio > (share > 0.0 ? 16.0 * share : 0.0)) & (fabs(ratio) <= DBL_MAX);
}

/* Replaces the large means of the tile's spans by those of x, and writes to statistics.batch_x the
 * sum of x - mean of each channel over the tile's samples where the batch's mean is large,
 * elsewhere 0. The statistics must be loaded. Returns whether any mean of the spans is another one
 * now. */
bool norma_tile_recover_means(const struct norma_stage_context *context);

/* Does the same with all threads, in two phases. */
bool norma_phase_recover_means(const struct norma_stage_context *everything);

/* Moves the planes' sums of dy (x - mean), which are about the rounded means of their spans, to the
 * recovered ones. */
void norma_tile_move_to_spans(const struct norma_stage_context *context);

/* Replaces the batch's large means by the recovered ones, and moves the sums of dy (x - mean) over
 * the batch and its planes to them. statistics.batch_x must have the sums of all processes. */
void norma_tile_move_to_batch(const struct norma_stage_context *context);

#endif
