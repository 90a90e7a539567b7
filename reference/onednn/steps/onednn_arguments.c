/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/onednn/steps/onednn_arguments.h"

/* Checks whether a tensor has an entry outside of [0, end). A tensor that the problem does not use
 * has none. */
static bool has_bad_index(const struct reference_tensor *tensor, const int32_t *values,
                          int64_t end) {
    for (int64_t i = 0; i < tensor->count; i++) {
        if (values[i] < 0 || values[i] >= end) {
            return true;
        }
    }
    return false;
}

norma_status onednn_check_arguments(const struct norma_problem *problem,
                                    const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                                    const struct norma_args *args) {
    if (reference_lacks_tensor(tensors, args)) {
        return NORMA_STATUS_NULL;
    }
    if (has_bad_index(&tensors[REFERENCE_TENSOR_style_index], args->style_index, problem->styles)) {
        return NORMA_STATUS_BAD_STYLE_INDEX;
    }
    return has_bad_index(&tensors[REFERENCE_TENSOR_permutation], args->permutation, problem->n)
               ? NORMA_STATUS_BAD_PERMUTATION
               : NORMA_STATUS_OK;
}
