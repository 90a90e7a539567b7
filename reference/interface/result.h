/* What an execution yields, unrounded, and what an error bound is made of.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_INTERFACE_RESULT_H
#define REFERENCE_INTERFACE_RESULT_H

#include <norma.h>

/* How a result depends on one of the statistics behind it; verify/bounds.c makes an error bound of
 * it. */
struct reference_condition {
    double slope;  /* |dy / d mean| */
    double mean;   /* of the set; 0 where no mean is subtracted */
    double spread; /* what is divided by or scaled with: sqrt(var + epsilon), or the norm */
    int64_t count; /* elements of the set; 0 for statistics that were given */
};

enum { REFERENCE_CONDITIONS = 2 }; /* batch and instance, or content and style */

/* A gradient, unrounded, with what an error bound is made of; same sizes. NULL: not wanted. */
struct reference_gradient {
    double *value;
    float *terms; /* sum of the absolute values of the terms that the value is the sum of, once all
                     reductions are done: for dx = A dy + B (x - m) + K these three */
    float *sums;  /* what reductions are responsible for: the terms that contain a sum over elements
                     (of dx: B (x - m) and K), each with the absolute values of what is summed. An
                     implementation whose sums are off by e times the sum of absolute values is off
                     by e times this. */
};

/* Everything that an execution yields, unrounded. The caller owns all arrays; NULL: not wanted. */
struct reference_reference {
    double *y;    /* [N][C][S]; after the epilogue */
    float *terms; /* [N][C][S]: sum of the absolute values of the terms that y is the sum of */
    /* [N][C]; adain: [N][regions][C] */
    struct reference_condition (*conditions)[REFERENCE_CONDITIONS];
    double *mean, *inverse_std; /* as in norma_args, like all that follow */
    double *instance_mean, *instance_inverse_std;
    double *running_mean, *running_variance;
    double *style_mean, *style_std, *style_loss;
    double *dresidual;
    struct reference_gradient dx, dgamma, dbeta, drho, dalpha, dstyle, dstyle_mean, dstyle_std;
};

#endif
