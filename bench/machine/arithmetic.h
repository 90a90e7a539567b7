/* The ceilings of arithmetic, as implementations like any other: multiply and add, fused, as often
 * as the widest vectors of this processor can.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_ARITHMETIC_H
#define BENCH_MACHINE_ARITHMETIC_H

#include "reference/interface/interface.h"

enum { BENCH_ARITHMETIC_COUNT = 2 };

/* "fma32" in float, "fma64" in double. They need no tensors, and look at no problem. */
extern const struct reference_implementation bench_arithmetic[BENCH_ARITHMETIC_COUNT];

/* Of one execution with so many threads; two for each multiplication with its addition. */
double bench_arithmetic_operations(const struct reference_implementation *arithmetic, int threads);

#endif
