/* Tunes malloc for large allocations that come and go.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_HEAP_H
#define BENCH_MEASURE_HEAP_H

#include <stddef.h>
#include <stdint.h>

/* Prepares for allocations of up to so many bytes together. Must be called once, at the start. */
void bench_heap_prepare(size_t bytes);

/* Gives free memory back to the system if more than `most` bytes are resident: over a sweep of many
 * sizes, the free pieces between used memory add up. */
void bench_heap_limit(uint64_t most);

#endif
