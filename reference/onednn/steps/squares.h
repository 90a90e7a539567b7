/* The sum of squares of each sample. A long sample is cut into pieces, whose inner products with
 * themselves, which read it once, are added in double precision. Short samples, for which a call
 * each costs more than the data, are standardized as the rows of a matrix, for their mean and
 * variance.
 *
 * Rejected: a batched matrix product (1 x L)(L x 1), several times slower in oneDNN; x squared and
 * then a reduction, which moves the tensor three times; the reductions norm_lp_*, which call powf
 * for each element.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_STEPS_SQUARES_H
#define REFERENCE_ONEDNN_STEPS_SQUARES_H

#include "reference/onednn/steps/planes.h"

struct onednn_squares {
    int64_t samples, length; /* length: elements of a sample */

    /* For short samples. */
    struct onednn_standardize rows;
    float *discarded; /* NULL if the samples are long */

    /* For long samples. */
    int64_t pieces, piece; /* pieces of a sample, and elements of each but the last */
    int threads;
    struct onednn_step *steps; /* two for each thread: one for the last piece, one for the others */
    float *partial;            /* [samples][pieces] */
};

norma_status onednn_squares_create(struct onednn_squares *self, int64_t samples, int64_t length,
                                   int threads);
/* Computes sums[samples]. */
norma_status onednn_squares_run(const struct onednn_squares *self, const float *x, double *sums);
void onednn_squares_name(const struct onednn_squares *self, char *names, size_t size);
void onednn_squares_destroy(struct onednn_squares *self);

#endif
