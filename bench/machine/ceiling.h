/* The ceilings that kernels and machines are measured by, as implementations like any other: the
 * least work that moves the same memory, and as much arithmetic as the processor can do.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_CEILING_H
#define BENCH_MACHINE_CEILING_H

#include "bench/machine/ceiling_loops.h"
#include "reference/interface/interface.h"

enum { BENCH_CEILING_COUNT = 2, BENCH_ARITHMETIC_COUNT = 2 };

/* All ceilings of memory, named "read", "copy", "copy-stream", "add" and "add-stream". The first is
 * one of machines and not of kernels, as it writes nothing. */
extern const struct reference_implementation bench_ceilings[BENCH_CEILING_KINDS];

/* Returns the two ceilings of the problem, with plain and with non-temporal stores; for the latter
 * y or dx must begin on a cache line. All of them are split over the threads. "copy",
 * "copy-stream": y = x, with memcpy as the plain one. "add", "add-stream": y = x + residual,
 * backward dx = x + dy, for a problem that reads two. */
const struct reference_implementation *bench_ceilings_of(const struct norma_problem *problem);

/* The same of a machine, in the same order: each thread has an array of its own, a part of the
 * tensors, and passes over it so often within one parallel region that waking the threads does not
 * matter, and that what is measured is the level of memory that holds the array. A ceiling of
 * kernels pays for waking its threads, as kernels do, and so takes fewer threads where that is
 * faster. */
extern const struct reference_implementation bench_machine_ceilings[BENCH_CEILING_KINDS];

/* Returns how often one execution of bench_machine_ceilings passes over these tensors. */
int64_t bench_machine_ceiling_passes(const struct norma_problem *problem, int threads);

/* Returns whether this is the name of a ceiling of kernels. */
bool bench_is_ceiling(const char *name);

/* Fused multiply-add in the widest vectors of this processor: "fma32" in float, "fma64" in double.
 * They need no tensors, and ignore the problem. */
extern const struct reference_implementation bench_arithmetic[BENCH_ARITHMETIC_COUNT];

/* Returns the operations of one execution with so many threads: two for each multiply-add. */
double bench_arithmetic_operations(const struct reference_implementation *arithmetic, int threads);

#endif
