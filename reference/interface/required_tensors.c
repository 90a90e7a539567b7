/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/interface/required_tensors.h"

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

norma_status
reference_status_of_empty(const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                          const struct norma_args *args) {
    void *pointers[REFERENCE_TENSOR_COUNT];
    reference_tensors_unbind(args, pointers);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (reference_is_output(&tensors[id]) && tensors[id].count > 0 && pointers[id]) {
            return NORMA_STATUS_EMPTY;
        }
    }
    return NORMA_STATUS_OK;
}
