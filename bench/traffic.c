/* How many bytes a problem must move, and how many it touches.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "traffic.h"
#include "tensors.h"

/* The others, [C] or [N][C], are left out: they are small, and a kernel keeps them in registers or
 * in the first-level cache. */
static bool is_moved(const struct norma_problem *problem, int tensor) {
    switch (tensor) {
    case NORMA_TENSOR_x:
    case NORMA_TENSOR_y:
    case NORMA_TENSOR_residual:
    case NORMA_TENSOR_style:
    case NORMA_TENSOR_labels:
    case NORMA_TENSOR_dy:
    case NORMA_TENSOR_dx:
    case NORMA_TENSOR_dresidual:
    case NORMA_TENSOR_dstyle:
        return true;
    case NORMA_TENSOR_alpha:
    case NORMA_TENSOR_dalpha:
        return problem->alpha_kind == NORMA_ALPHA_ELEMENT;
    default:
        return false;
    }
}

int64_t norma_bytes_moved(const struct norma_problem *problem) {
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    norma_tensors_of(problem, tensors);
    size_t bytes = 0;
    for (int i = 0; i < NORMA_TENSOR_COUNT; i++) {
        bytes += is_moved(problem, i) ? norma_tensor_bytes(&tensors[i]) : 0;
    }
    return (int64_t)bytes;
}

int norma_images_of_ceiling(const struct norma_problem *problem) {
    return norma_is_backward(problem) || problem->epilogue == NORMA_EPILOGUE_ADD_RELU ? 3 : 2;
}

int64_t norma_bytes_of_ceiling(const struct norma_problem *problem) {
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    norma_tensors_of(problem, tensors);
    return norma_images_of_ceiling(problem) * (int64_t)norma_tensor_bytes(&tensors[NORMA_TENSOR_x]);
}

int64_t norma_footprint(const struct norma_problem *problem) {
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    norma_tensors_of(problem, tensors);
    size_t bytes = 0;
    for (int i = 0; i < NORMA_TENSOR_COUNT; i++) {
        bytes += norma_tensor_bytes(&tensors[i]);
    }
    return (int64_t)bytes;
}
