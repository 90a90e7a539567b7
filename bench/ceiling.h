/* The ceilings that kernels are compared with: copies of x to y, as implementations like any other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_CEILING_H
#define NORMA_BENCH_CEILING_H

#include "implementation.h"

enum { NORMA_CEILING_COUNT = 2 };

/* "copy": memcpy; "copy-stream": non-temporal stores, for which y must begin on a line of the
 * cache. Both split over the threads. */
extern const struct norma_implementation norma_ceilings[NORMA_CEILING_COUNT];

bool norma_is_ceiling(const char *name);

#endif
