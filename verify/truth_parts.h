/* What a truth is made of; for truth.c and compare.c alone.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_TRUTH_PARTS_H
#define NORMA_VERIFY_TRUTH_PARTS_H

#include "expected.h"
#include "results.h"
#include "truth.h"

/* The results that were found right last, and what was said of them. Sets that agree to the bit,
 * and placements that change none, are compared with the reference once; it is two thirds of the
 * time that checking a fast kernel takes. */
struct norma_accepted {
    bool any;
    enum norma_accumulation accumulation;
    struct norma_results results;
    struct norma_verdict verdict;
};

struct norma_truth {
    struct norma_problem problem;
    enum norma_data data;
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    void *inputs[NORMA_TENSOR_COUNT]; /* inputs, and initial values of inouts */
    struct norma_reference expected;
    struct norma_accepted *accepted; /* changes while the truth does not */
};

#endif
