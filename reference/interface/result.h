/* The results of an execution, unrounded, and the numbers that an error bound is made of.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_INTERFACE_RESULT_H
#define REFERENCE_INTERFACE_RESULT_H

#include "reference/interface/tensors.h"

/* How a result depends on one of the statistics behind it; an error bound is made of it. */
struct reference_condition {
    double slope;  /* |dy / d mean|; backward, |B| of B (x - mean) in dx */
    double mean;   /* mean of the set; 0 where none is subtracted */
    double spread; /* what is divided by or scaled with: sqrt(var + epsilon), or the norm */
    int64_t count; /* elements of the set; 0 for statistics that were given */
};

enum { REFERENCE_CONDITIONS = 2 }; /* batch and instance, content and style, or batch and norm */

/* A mean of more deviations than this is large: as a float it has lost digits that x still has, and
 * norma recovers them from x. (norma does so beyond 4; the margin is for the rounding of
 * mean * inverse_std.) */
#define REFERENCE_LARGE_MEAN 4.00001
/* How far a mean that is computed again from x may be off, as a part of what rounding to float
 * moves a mean of one deviation by (bounds.md, "Given statistics"). */
#define REFERENCE_RECOVERED 0x1p-14

/* A gradient, unrounded, with what an error bound is made of. The arrays have the same size; one
 * that is NULL is not requested. They are of doubles, as terms may be beyond the range of float. */
struct reference_gradient {
    double *value;
    /* The sum of the absolute values of the terms that the value is the sum of once all reductions
     * are done: three for dx = A dy + B (x - m) + K. */
    double *terms;
    /* The terms that contain a sum over elements (for dx, B (x - m) and K), each with the absolute
     * values of what is summed. An implementation whose sums are off by e times the sum of absolute
     * values is off by e times this. */
    double *sums;
    /* The same with the root of the sum of squares for the sum of absolute values: where errors of
     * summands are independent of one another, they grow like this. */
    double *scatter;
    /* The part of `sums` that comes from summands that a mean was subtracted in. Rounding x - mean
     * may move all of them by the same, as a mean between two floats does. */
    double *shared;
    /* If the statistics that the pass is given are off by a part e of themselves, the value is off
     * by e times this, to first order; but large means do not count. */
    double *rounded;
    /* The part that large means add to `rounded`, from absolute values of the summands. */
    double *lost;
};

/* Everything that an execution yields, unrounded. The caller owns all arrays; one that is NULL is
 * not requested. */
struct reference_result {
    double *y;     /* [N][C][S]; after the epilogue */
    double *terms; /* [N][C][S]: sum of the absolute values of the terms that y is the sum of */
    /* [N][C]; adain: [N][regions][C]. Backward, of dx. */
    struct reference_condition (*conditions)[REFERENCE_CONDITIONS];
    double *mean, *inverse_std; /* as in norma_args, like all that follow */
    double *instance_mean, *instance_inverse_std;
    double *running_mean, *running_variance;
    double *style_mean, *style_std, *style_loss;
    double *dresidual;
    struct reference_gradient dx, dgamma, dbeta, drho, dalpha, dstyle, dstyle_mean, dstyle_std;
};

/* The numbers that an error bound is made of. */
enum reference_part {
    REFERENCE_PART_TERMS,
    REFERENCE_PART_SUMS,
    REFERENCE_PART_SCATTER,
    REFERENCE_PART_SHARED,
    REFERENCE_PART_ROUNDED,
    REFERENCE_PART_LOST,
    REFERENCE_PARTS
};

/* The members that hold one output: its values and what an error bound is made of. */
struct reference_place {
    double **value;
    double **parts[REFERENCE_PARTS]; /* NULL: the output has none */
};

/* Returns the place of tensor `id`; all NULL where no execution ever yields it. */
struct reference_place reference_place_of(struct reference_result *result,
                                          enum reference_tensor_id id);

#endif
