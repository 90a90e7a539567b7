/* The operators once more, in double precision and without a thought for speed; and their gradients
 * by difference quotients, so that no derivation is shared with anybody.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_TESTS_DEFINITION_H
#define REFERENCE_ONEDNN_TESTS_DEFINITION_H

#include "reference/interface/tensors.h"

struct definition {
    struct norma_problem problem;            /* a forward one */
    double *tensors[REFERENCE_TENSOR_COUNT]; /* inputs; outputs; NULL: not given, not wanted */
    const int32_t *style_index, *permutation;
};

/* Works out y and the statistics. */
void define(const struct definition *definition);

/* d(sum of dy y) / d(values[0 .. count)), dy of the size of y. `values` is one of the tensors, or
 * the problem's alpha. */
void differentiate(const struct definition *definition, const double *dy, double *values,
                   int64_t count, double *gradient);

#endif
