/* The composition that most backward passes share. Its centre is a backward batch normalization of
 * every run, which yields a gradient of x and two sums that everything else is made of. Where runs
 * are the sets that were normalized, that is all (one pass). Otherwise the run's statistics are
 * constants to it, dx = scale dy, and what is missing is linear in x, with coefficients that
 * follow from the sums (two passes).
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
    float *mean, *scale; /* of the runs, set by the caller before it runs */
    float *variance;     /* one_pass: set by the caller; else 1 */
    float *sum_x, *sum;  /* of dy (x - mean) (one_pass: of dy x^), and of dy; what it yields */

    /* Two passes: dx += slope (x - mean) + constant. */
    struct onednn_affine correction;
    float *slope, *constant; /* of the runs, set by the caller in between */
};

norma_status onednn_backward_create(struct onednn_backward *self,
                                    const struct norma_problem *problem,
                                    const struct onednn_geometry *geometry, bool one_pass);

/* What an operator has to work out, before and after the sums are there. `operation` is its own. */
typedef void onednn_work(void *operation, const struct norma_args *args);

/* dx may be dy. */
norma_status onednn_backward_run(const struct onednn_backward *self, const struct norma_args *args,
                                 onednn_work *before, onednn_work *after, void *operation);

/* The run of plane (n, c). */
static inline int64_t onednn_plane_of(const struct onednn_backward *self, int64_t n, int64_t c) {
    return n * self->geometry.channels + c;
}

/* For operations that begin with a onednn_backward. */
void onednn_backward_name(const void *operation, char *names, size_t size);
void onednn_backward_destroy(void *operation);

#endif
