/* Two-phase: moments of whole tensors, by way of the moments of chunks that all threads share.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_SHARED_MOMENTS_H
#define KERNELS_STAGES_SHARED_MOMENTS_H

#include "kernels/spans/spans.h"
#include "kernels/stages/context.h"

/* The moments of the spans of a tensor that has so many samples or styles, `matrices`, of rows x
 * columns: positions x channels. */
struct norma_moments_work {
    int64_t matrices, rows, columns, channels_per_span;
    bool by_columns; /* channels-last, and the elements of a span do not follow each other */
    const void *x;
    struct norma_moment_arrays chunks; /* of norma_moment_chunks entries */
    struct norma_moment_arrays spans;  /* [matrices][columns / channels_per_span] */
};

/* Return the sizes of the work on x and on the style tensor, without the arrays. */
struct norma_moments_work norma_moments_of_x(const struct norma_plan *plan);
struct norma_moments_work norma_moments_of_styles(const struct norma_plan *plan);

int64_t norma_moment_chunks(const struct norma_moments_work *work);

/* Computes the moments of all spans and styles that the plan computes from the data. */
void norma_phase_moments(const struct norma_stage_context *everything);

/* Computes the moments of x alone, whether or not the plan needs them forward. */
void norma_phase_moments_of_x(const struct norma_stage_context *everything,
                              struct norma_moment_arrays spans);

#endif
