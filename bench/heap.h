/* Makes malloc suit large allocations that come and go.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_HEAP_H
#define NORMA_BENCH_HEAP_H

#include <stddef.h>

/* Prepares for allocations of up to so many bytes together. Once, at the start. */
void norma_heap_prepare(size_t bytes);

#endif
