/* The host's arithmetic on statistics, in double precision.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_STEPS_ONEDNN_STATISTICS_H
#define REFERENCE_ONEDNN_STEPS_ONEDNN_STATISTICS_H

#include <norma.h>

struct onednn_moments {
    double mean, variance;
};

/* Returns the moments of the union of `count` planes of equal length. */
struct onednn_moments onednn_pool(const float *mean, const float *variance, int64_t count,
                                  int64_t stride);

double onednn_inverse_std(double variance, double epsilon);

/* Returns the variance that has this inverse_std with epsilon 0. oneDNN's backward primitives take
 * variances, and to subtract epsilon from one would cancel. */
static inline float onednn_variance_of(float inverse_std) {
    return (float)(1.0 / ((double)inverse_std * (double)inverse_std));
}

/* Returns entry i of a parameter that may be absent. */
static inline double onednn_parameter(const float *values, int64_t i, double absent) {
    return values != NULL ? (double)values[i] : absent;
}

/* Stores one value in an output that may not be requested. */
static inline void onednn_store(float *values, int64_t i, double value) {
    if (values != NULL) {
        values[i] = (float)value;
    }
}

/* Stores the statistics of channel c over the whole batch, which has `count` elements of it, in
 * mean, inverse_std and the running statistics. */
void onednn_store_batch(const struct norma_problem *problem, const struct norma_args *args,
                        int64_t c, int64_t count, struct onednn_moments moments);

#endif
