/* The bytes that a problem must move, and those that it touches.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_TRAFFIC_H
#define BENCH_MEASURE_TRAFFIC_H

#include <norma.h>

/* Returns the bytes that the pass must move at least: every tensor that has a value for each
 * position (x, y, residual, style, labels, a per-element alpha, and gradients of these) once. */
int64_t bench_bytes_moved(const struct norma_problem *problem);

/* Returns how many tensors of x's size the ceilings of the problem read or write: 2, x and y, or 3
 * where the problem reads another, the residual, or backward, where x and dy become dx. */
int bench_tensor_passes(const struct norma_problem *problem);

/* Returns the bytes that the ceilings of the problem move. */
int64_t bench_bytes_of_ceiling(const struct norma_problem *problem);

/* Returns the bytes of all tensors of the problem. */
int64_t bench_footprint(const struct norma_problem *problem);

#endif
