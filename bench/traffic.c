/* How many bytes a problem must move, and how many it touches.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "traffic.h"
#include "tensors.h"

#include <stdbool.h>

/* Tensors as large as x or a sample of it. The others, [C] or [N][C], are left out: they are small,
 * and a kernel keeps them in registers or in the first-level cache. */
static bool is_moved(const struct norma_problem *problem, int tensor) {
    switch (tensor) {
    case NORMA_TENSOR_x:
    case NORMA_TENSOR_y:
    case NORMA_TENSOR_style:
        return true;
    case NORMA_TENSOR_alpha:
        return problem->alpha_kind == NORMA_ALPHA_ELEMENT;
    default:
        return false;
    }
}

int64_t norma_bytes_moved(const struct norma_problem *problem) {
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    norma_tensors_of(problem, tensors);
    int64_t elements = 0;
    for (int i = 0; i < NORMA_TENSOR_COUNT; i++) {
        elements += is_moved(problem, i) ? tensors[i].count : 0;
    }
    return elements * (int64_t)sizeof(float);
}

int64_t norma_bytes_copied(const struct norma_problem *problem) {
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    norma_tensors_of(problem, tensors);
    return (tensors[NORMA_TENSOR_x].count + tensors[NORMA_TENSOR_y].count) * (int64_t)sizeof(float);
}

int64_t norma_footprint(const struct norma_problem *problem) {
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    norma_tensors_of(problem, tensors);
    int64_t elements = 0;
    for (int i = 0; i < NORMA_TENSOR_COUNT; i++) {
        elements += tensors[i].count;
    }
    return elements * (int64_t)sizeof(float);
}
