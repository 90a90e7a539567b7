/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/checks/memory_needed.h"

#include "verify/harness/harness.h"

uint64_t verify_memory_needed(const struct norma_problem *problem) {
    const uint64_t each =
        reference_is_backward(problem) ? VERIFY_TRUTH_BYTES_BACKWARD : VERIFY_TRUTH_BYTES;
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    uint64_t bytes = 0;
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        bytes += reference_tensor_bytes(&tensors[id]);
    }
    return each * (uint64_t)reference_elements(problem) + 2 * bytes;
}
