/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/interface/required_tensors.h"

#include <string.h>

bool reference_lacks_tensor(const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                            const struct norma_args *args) {
    void *pointers[REFERENCE_TENSOR_COUNT];
    reference_tensors_unbind(args, pointers);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (tensors[id].role != REFERENCE_ROLE_UNUSED && !tensors[id].optional && !pointers[id]) {
            return true;
        }
    }
    return false;
}

norma_status reference_execute_empty(const struct norma_problem *problem,
                                     const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                                     const struct norma_args *args) {
    const bool backward = reference_is_backward(problem);
    void *pointers[REFERENCE_TENSOR_COUNT];
    reference_tensors_unbind(args, pointers);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const bool written =
            reference_is_output(&tensors[id]) && tensors[id].count > 0 && pointers[id];
        if (written && !backward) {
            return NORMA_STATUS_EMPTY;
        }
        if (written) {
            memset(pointers[id], 0, reference_tensor_bytes(&tensors[id]));
        }
    }
    return NORMA_STATUS_OK;
}
