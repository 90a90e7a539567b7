/* Moments of a whole tensor, shared out among the threads of a parallel region by way of the
 * moments of its chunks.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_SHARED_MOMENTS_H
#define KERNELS_STAGES_SHARED_MOMENTS_H

#include "kernels/plan/plan.h"

/* A tensor of `matrices` times rows x columns, positions x channels. */
struct norma_moments_work {
    int64_t matrices, rows, columns, channels_per_span;
    bool by_columns; /* channels-last, and the elements of a run do not follow each other */
    const float *x;
    double *chunk_mean, *chunk_m2; /* of each chunk: so many as norma_moment_chunks says */
    double *mean, *m2;             /* [matrices][columns / channels_per_run] */
};

/* The geometry; where things are is for the caller to fill in. */
struct norma_moments_work norma_moments_of_x(const struct norma_plan *plan);
struct norma_moments_work norma_moments_of_styles(const struct norma_plan *plan);

int64_t norma_moment_chunks(const struct norma_moments_work *work);

void norma_share_moments(const struct norma_set *set, const struct norma_moments_work *work);

#endif
