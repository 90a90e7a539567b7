/* The ceilings that kernels are compared with, as implementations like any other: the least work
 * that reads and writes as many images as the problem does.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_CEILING_H
#define BENCH_MACHINE_CEILING_H

#include "reference/interface/interface.h"

enum { BENCH_CEILING_COUNT = 2 };

/* Plain and with non-temporal stores, for which y or dx must begin on a line of the cache; all of
 * them split over the threads.
 *   "copy", "copy-stream": y = x; memcpy the plain one.
 *   "add", "add-stream": y = x + residual, backward dx = x + dy: where the problem reads two. */
const struct reference_implementation *bench_ceilings_of(const struct norma_problem *problem);

/* "read": the sum of x. No ceiling of a kernel, as it writes nothing, but one of the machine. */
const struct reference_implementation *bench_ceiling_of_reading(void);

bool bench_is_ceiling(const char *name);

#endif
