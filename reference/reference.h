/* The truth: each operator straight from its definition, in double precision.
 *
 * This folder shares no algebra with kernels/: statistics are the textbook two passes, nothing is
 * folded, one file per operator in operators/ with the equation at its top.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_REFERENCE_H
#define NORMA_REFERENCE_H

#include "norma.h"

/* How a result depends on one of the statistics behind it; verify/bounds.c makes an error bound of
 * it. */
struct norma_condition {
    double slope;  /* |dy / d mean| */
    double mean;   /* of the set; 0 where no mean is subtracted */
    double spread; /* what is divided by or scaled with: sqrt(var + epsilon), or the norm */
    int64_t count; /* elements of the set; 0 for statistics that were given */
};

enum { NORMA_CONDITIONS = 2 }; /* batch and instance, or content and style */

/* Everything that an execution yields, unrounded. The caller owns all arrays; NULL: not wanted. */
struct norma_reference {
    double *y;    /* [N][C][S] */
    float *terms; /* [N][C][S]: sum of the absolute values of the terms that y is the sum of */
    struct norma_condition (*conditions)[NORMA_CONDITIONS]; /* [N][C] */
    double *mean, *inverse_std;                             /* as in norma_args */
    double *instance_mean, *instance_inverse_std;
    double *running_mean, *running_variance;
};

/* Computes the truth of args' inputs (args' outputs are not touched, its workspace is not used).
 * Runs on OpenMP's threads. */
void norma_reference_run(const struct norma_problem *problem, const struct norma_args *args,
                         const struct norma_reference *result);

#endif
