/* Affines in double, for the few channels whose coefficients leave the range of float.
 *
 * Backward, x is multiplied by about inverse_std^2, which is subnormal in float for deviations of
 * 1e19 and infinite for 1e-20, and forward x - centre may be infinite where both are near the end
 * of the range. In double every product of these is in range. The channels are taken one by one,
 * without SIMD: such data are rare.
 *
 * Rejected: to scale x - centre by a power of two, which costs all data a multiplication.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_IN_DOUBLE_H
#define KERNELS_STAGES_IN_DOUBLE_H

#include <float.h>
#include <math.h>

#include "kernels/stages/channels.h"

/* Each check has a quick one beside it, on integers (see norma_magnitude), which is for many
 * channels: it returns a negative number where the check may be true, and its results are combined
 * by |. */

/* Return a negative number if the magnitude of the value is beyond `most`, and if it is below
 * `least` but not 0. */
static inline int64_t norma_beyond(double value, double most) {
    return norma_magnitude(most) - norma_magnitude(value);
}

static inline int64_t norma_below(double value, double least) {
    return (norma_magnitude(value) - norma_magnitude(least)) & ~(norma_magnitude(value) - 1);
}

/* Checks whether a coefficient loses digits as a float, because it is subnormal there, 0 or
 * infinite. False for 0, infinities and NaN, which are what they are. & and | instead of && and ||
 * let compilers vectorize it, and int is what these take. */
static inline int norma_leaves_float(double coefficient) {
    const double magnitude = fabs(coefficient);
    return ((magnitude > 0.0) & (magnitude < (double)FLT_MIN)) |
           ((magnitude > (double)FLT_MAX) & (magnitude <= DBL_MAX));
}

static inline int64_t norma_may_leave_float(double coefficient) {
    return norma_beyond(coefficient, (double)FLT_MAX) | norma_below(coefficient, (double)FLT_MIN);
}

/* Checks whether x - centre may overflow. Below 2^103, half a unit in the last place of FLT_MAX, it
 * rounds to FLT_MAX at most. */
static inline int norma_is_centre_far(double centre) {
    return (fabs(centre) >= 0x1p102) & (fabs(centre) <= DBL_MAX);
}

static inline int64_t norma_may_be_centre_far(double centre) {
    return norma_beyond(centre, 0x1p102 / 2);
}

/* How far x may be from a centre, as a multiple of the deviation: no element of a set of `count` is
 * further than sqrt(count) deviations from its mean, or from 0 if that is how they are measured;
 * and no further than twice that from the mean of a part. */
static inline double norma_most_deviations(double count) {
    return 2.0 * sqrt(count);
}

/* Checks whether (x - centre) x_scale + constant may overflow, backward. Otherwise dx does not
 * unless it is beyond float, as the product of dy is not rounded before it is added. */
static inline int norma_may_overflow(double x_scale, double constant, double most_deviations,
                                     double inverse_std) {
    const double steepest = fabs(x_scale) * most_deviations;
    return ((steepest > 0x1p126 * fabs(inverse_std)) & (steepest <= DBL_MAX)) |
           ((fabs(constant) >= 0x1p126) & (fabs(constant) <= DBL_MAX));
}

static inline int64_t norma_may_exceed_float(double x_scale, double constant,
                                             double most_deviations, double inverse_std) {
    return norma_beyond(x_scale * most_deviations, 0x1p126 * inverse_std) |
           norma_beyond(constant, 0x1p126 / 2);
}

/* Checks whether a factor of rows or samples is too far from 1 for its products with parameters,
 * which are not looked at one by one. With others, parameters from 2^-86 to 2^86 lose nothing. */
static inline int norma_is_factor_far(double factor) {
    return ((factor < 0x1p-40) & (factor > 0.0)) | ((factor > 0x1p40) & (factor <= DBL_MAX));
}

/* The coefficients of one channel. Forward, y is (x - centre) scale + shift; backward, dx is
 * dy scale + (x - centre) x_scale + shift. */
struct norma_wide_coefficients {
    double centre, scale, x_scale, shift;
};

/* Compute y, with the epilogue, and dx, of the elements of a piece, which must be of one channel.
 * In planes with regions, elements that are not selected are left as they are, but for
 * dresidual. */
void norma_apply_in_double(const struct norma_execution *execution, const struct norma_piece *piece,
                           const struct norma_wide_coefficients *coefficients);
void norma_gradient_in_double(const struct norma_execution *execution,
                              const struct norma_piece *piece,
                              const struct norma_wide_coefficients *coefficients);

/* Compute one element of them, at an offset of the tensors. */
void norma_apply_to_element(const struct norma_execution *execution, int64_t offset,
                            const struct norma_wide_coefficients *coefficients);
void norma_gradient_of_element(const struct norma_execution *execution, int64_t offset,
                               const struct norma_wide_coefficients *coefficients);

#endif
