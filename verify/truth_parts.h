/* What a truth is made of; for truth.c and compare.c alone.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_TRUTH_PARTS_H
#define NORMA_VERIFY_TRUTH_PARTS_H

#include "expected.h"
#include "truth.h"

struct norma_truth {
    struct norma_problem problem;
    enum norma_data data;
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    void *inputs[NORMA_TENSOR_COUNT]; /* inputs, and initial values of inouts */
    struct norma_reference expected;
};

#endif
