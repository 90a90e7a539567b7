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

/* A gradient, unrounded, with what an error bound is made of; same sizes. NULL: not wanted. */
struct norma_gradient {
    double *value;
    float *terms; /* sum of the absolute values of the terms that the value is the sum of, once all
                     reductions are done: for dx = A dy + B (x - m) + K these three */
    float *sums;  /* what reductions are responsible for: the terms that contain a sum over elements
                     (of dx: B (x - m) and K), each with the absolute values of what is summed. An
                     implementation whose sums are off by e times the sum of absolute values is off
                     by e times this. */
};

/* Everything that an execution yields, unrounded. The caller owns all arrays; NULL: not wanted. */
struct norma_reference {
    double *y;    /* [N][C][S]; after the epilogue */
    float *terms; /* [N][C][S]: sum of the absolute values of the terms that y is the sum of */
    /* [N][C]; adain: [N][regions][C] */
    struct norma_condition (*conditions)[NORMA_CONDITIONS];
    double *mean, *inverse_std; /* as in norma_args, like all that follow */
    double *instance_mean, *instance_inverse_std;
    double *running_mean, *running_variance;
    double *style_mean, *style_std, *style_loss;
    double *dresidual;
    struct norma_gradient dx, dgamma, dbeta, drho, dalpha, dstyle, dstyle_mean, dstyle_std;
};

/* Computes the truth of args' inputs (args' outputs are not touched, its workspace is not used;
 * what is an output in args and an input in none, like dx, may be NULL). The statistics that a
 * backward pass takes are what they are: its truth is about them, not about those that x has. Runs
 * on OpenMP's threads. NORMA_OK or NORMA_NO_MEMORY: adain and unit form=layer need a little. */
norma_status norma_reference_run(const struct norma_problem *problem, const struct norma_args *args,
                                 const struct norma_reference *result);

/* The truth of norma_gate_update [BIN eq. 4]. */
double norma_reference_gate_update(double rho, double drho, double rate, double multiple);

#endif
