/* The ceilings of arithmetic, as implementations like any other: multiply and add, fused, as often
 * as the widest vectors of this processor can.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_ARITHMETIC_H
#define NORMA_BENCH_ARITHMETIC_H

#include "implementation.h"

enum { NORMA_ARITHMETIC_COUNT = 2 };

/* "fma32" in float, "fma64" in double. They need no tensors, and look at no problem. */
extern const struct norma_implementation norma_arithmetic[NORMA_ARITHMETIC_COUNT];

/* Of one execution with so many threads; two for each multiplication with its addition. */
double norma_arithmetic_operations(const struct norma_implementation *arithmetic, int threads);

#endif
