/* The type of the elements of each tensor.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_ELEMENTS_H
#define VERIFY_TRUTH_ELEMENTS_H

#include "reference/interface/interface.h"

/* Returns the type of a tensor of real numbers: the problem's for images, float for parameters and
 * statistics. */
static inline norma_dtype verify_dtype_of(const struct norma_problem *problem,
                                          enum reference_tensor_id id) {
    switch (id) {
    case REFERENCE_TENSOR_x:
    case REFERENCE_TENSOR_y:
    case REFERENCE_TENSOR_residual:
    case REFERENCE_TENSOR_style:
    case REFERENCE_TENSOR_dy:
    case REFERENCE_TENSOR_dx:
    case REFERENCE_TENSOR_dresidual:
    case REFERENCE_TENSOR_dstyle:
        return problem->dtype;
    default:
        return NORMA_DTYPE_F32;
    }
}

/* Returns element `index` of tensor `id`. */
static inline double verify_load(const struct norma_problem *problem, enum reference_tensor_id id,
                                 const void *data, int64_t index) {
    return reference_load(verify_dtype_of(problem, id), data, index);
}

#endif
