/* What the operators of the reference share: access to planes, textbook moments, and storing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_REFERENCE_OPERATORS_H
#define NORMA_REFERENCE_OPERATORS_H

#include "reference.h"

/* One problem with its data, as an operator's file sees it. */
struct norma_view {
    const struct norma_problem *problem;
    const struct norma_args *args;
    const struct norma_reference *result;
    int64_t n, c, s;
    bool parallel; /* large enough to wake other threads for */
};

#define NORMA_DECLARE_REFERENCE(upper, lower, text)                                                \
    void norma_reference_##lower(const struct norma_view *view);
NORMA_OPERATORS(NORMA_DECLARE_REFERENCE)
#undef NORMA_DECLARE_REFERENCE

/* Planes [first, first + count) of a tensor with planes of `length` elements, `stride` planes apart
 * from one to the next: the set that statistics are taken over. */
struct norma_planes {
    const float *data;
    int64_t first, count, stride, length;
};

struct norma_moments {
    double mean, variance; /* biased */
    int64_t count;
};

/* Mean, then mean squared deviation. */
struct norma_moments norma_moments(struct norma_planes planes);
double norma_sum_of_squares(struct norma_planes planes);

/* Elements of a plane (n, c), in memory order. */
const float *norma_x(const struct norma_view *view, int64_t n, int64_t c);

/* gamma_c and beta_c; 1 and 0 where not given. */
double norma_gamma(const struct norma_view *view, int64_t c);
double norma_beta(const struct norma_view *view, int64_t c);

/* Stores element (n, c, s). */
void norma_put(const struct norma_view *view, int64_t n, int64_t c, int64_t s, double y,
               double terms);
/* Stores one of a plane's conditions. */
void norma_put_condition(const struct norma_view *view, int64_t n, int64_t c, int which,
                         struct norma_condition condition);
/* Stores array[index] = value, unless the array is not wanted. */
void norma_put_value(double *array, int64_t index, double value);

/* The statistics of channel c over the batch: of the data in training, which also gives the mean,
 * inverse_std and running statistics; the running ones in inference. */
struct norma_moments norma_batch_moments(const struct norma_view *view, int64_t c);

/* y = gamma x^ + beta with x^ standardized by `moments`, on all of plane (n, c). */
void norma_put_standardized(const struct norma_view *view, int64_t n, int64_t c,
                            struct norma_moments moments);

#endif
