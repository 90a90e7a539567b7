/* Arithmetic on numbers of elements, channels, rows and bytes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_PLAN_INTEGER_MATH_H
#define KERNELS_PLAN_INTEGER_MATH_H

#include <stdint.h>

/* Returns a / b rounded up, for a >= 0 and b > 0. */
static inline int64_t norma_divide_up(int64_t a, int64_t b) {
    return (a + b - 1) / b;
}

static inline int64_t norma_min(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static inline int64_t norma_max(int64_t a, int64_t b) {
    return a > b ? a : b;
}

#endif
