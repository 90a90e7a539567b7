/* The sum of squares of each sample. Long samples: inner products of pieces of the sample with
 * themselves, which read it once, added up in double precision. Short ones, for which a call each
 * costs more than the data: standardized as the rows of a matrix, for their mean and variance.
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
    int64_t samples, length; /* elements of a sample */

    /* Short samples. */
    struct onednn_standardize rows;
    float *discarded; /* NULL: samples are long */

    /* Long ones. */
    int64_t pieces, piece; /* of a sample, and elements of each but the last */
    int threads;
    struct onednn_step *steps; /* two for each thread: a piece, and the last one */
    float *partial;            /* [samples][pieces] */
};

norma_status onednn_squares_create(struct onednn_squares *self, int64_t samples, int64_t length,
                                   int threads);
/* sums[samples] */
norma_status onednn_squares_run(const struct onednn_squares *self, const float *x, double *sums);
void onednn_squares_name(const struct onednn_squares *self, char *names, size_t size);
void onednn_squares_destroy(struct onednn_squares *self);

#endif
