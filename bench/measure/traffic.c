/* The bytes that a problem must move, and those that it touches.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/traffic.h"
#include "reference/interface/interface.h"

/* Returns whether the bytes of the tensor count. Small tensors, [C] or [N][C], do not: a kernel
 * keeps them in registers or in the first-level cache. */
static bool is_moved(const struct norma_problem *problem, int tensor) {
    switch (tensor) {
    case REFERENCE_TENSOR_x:
    case REFERENCE_TENSOR_y:
    case REFERENCE_TENSOR_residual:
    case REFERENCE_TENSOR_style:
    case REFERENCE_TENSOR_labels:
    case REFERENCE_TENSOR_dy:
    case REFERENCE_TENSOR_dx:
    case REFERENCE_TENSOR_dresidual:
    case REFERENCE_TENSOR_dstyle:
        return true;
    case REFERENCE_TENSOR_alpha:
    case REFERENCE_TENSOR_dalpha:
        return problem->alpha_kind == NORMA_ALPHA_ELEMENT;
    default:
        return false;
    }
}

int64_t bench_bytes_moved(const struct norma_problem *problem) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    size_t bytes = 0;
    for (int i = 0; i < REFERENCE_TENSOR_COUNT; i++) {
        bytes += is_moved(problem, i) ? reference_tensor_bytes(&tensors[i]) : 0;
    }
    return (int64_t)bytes;
}

int bench_tensor_passes(const struct norma_problem *problem) {
    return reference_is_backward(problem) || problem->epilogue == NORMA_EPILOGUE_ADD_RELU ? 3 : 2;
}

int64_t bench_bytes_of_ceiling(const struct norma_problem *problem) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    return bench_tensor_passes(problem) *
           (int64_t)reference_tensor_bytes(&tensors[REFERENCE_TENSOR_x]);
}

int64_t bench_footprint(const struct norma_problem *problem) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    size_t bytes = 0;
    for (int i = 0; i < REFERENCE_TENSOR_COUNT; i++) {
        bytes += reference_tensor_bytes(&tensors[i]);
    }
    return (int64_t)bytes;
}
