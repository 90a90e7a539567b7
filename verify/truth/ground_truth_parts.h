/* What a truth is made of; for truth.c and compare.c alone.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_GROUND_TRUTH_PARTS_H
#define VERIFY_TRUTH_GROUND_TRUTH_PARTS_H

#include "verify/truth/expected.h"
#include "verify/truth/ground_truth.h"
#include "verify/truth/kept_results.h"

/* The results that were found right last, and what was said of them. Sets that agree to the bit,
 * and placements that change none, are compared with the reference once; it is two thirds of the
 * time that checking a fast kernel takes. */
struct verify_accepted {
    bool any;
    enum reference_accumulation accumulation;
    struct verify_results results;
    struct verify_verdict verdict;
};

struct verify_truth {
    struct norma_problem problem;
    enum verify_data data;
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    void *inputs[REFERENCE_TENSOR_COUNT]; /* inputs, and initial values of inouts */
    struct reference_reference expected;
    struct verify_accepted *accepted; /* changes while the truth does not */
};

#endif
