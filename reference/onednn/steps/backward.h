/* The composition that most backward passes share. Its centre is a backward batch normalization of
 * every plane, which yields a gradient of x and two sums that everything else is made of. Where the
 * planes are the sets that were normalized, nothing more is needed (one pass). Otherwise the
 * plane's statistics are constants to it, so that dx = scale dy, and the rest of dx is linear in x,
 * with coefficients that follow from the sums (two passes).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_STEPS_BACKWARD_H
#define REFERENCE_ONEDNN_STEPS_BACKWARD_H

#include "reference/onednn/steps/operation.h"
#include "reference/onednn/steps/planes.h"

struct onednn_backward {
    struct norma_problem problem;
    struct onednn_geometry geometry;
    bool one_pass;

    struct onednn_batch gradient;
    float *mean, *scale; /* one for each plane, set by the operator before the sums are computed */
    float *variance;     /* set by the operator if one_pass, otherwise 1 */
    float *sum_x, *sum;  /* sums of dy (x - mean), or of dy x^ if one_pass, and of dy */

    /* The second pass: dx += slope (x - mean) + constant. */
    struct onednn_affine correction;
    float *slope, *constant; /* one for each plane, set by the operator after the sums */
};

norma_status onednn_backward_create(struct onednn_backward *self,
                                    const struct norma_problem *problem,
                                    const struct onednn_geometry *geometry, bool one_pass);

/* Computes the operator's numbers, before or after the sums are there. `operation` is the
 * operator's own. */
typedef void onednn_work(void *operation, const struct norma_args *args);

/* Runs the passes, with `before` and `after` around the computation of the sums; dx may be dy. */
norma_status onednn_backward_run(const struct onednn_backward *self, const struct norma_args *args,
                                 onednn_work *before, onednn_work *after, void *operation);

/* Returns the index of plane (n, c), where padded channels count. */
static inline int64_t onednn_plane_of(const struct onednn_backward *self, int64_t n, int64_t c) {
    return n * self->geometry.channels + c;
}

/* Methods of operations whose first member is a struct onednn_backward. */
void onednn_backward_name(const void *operation, char *names, size_t size);
void onednn_backward_destroy(void *operation);

#endif
