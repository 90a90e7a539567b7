/* How many bytes a problem must move, and how many it touches.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_TRAFFIC_H
#define BENCH_MEASURE_TRAFFIC_H

#include <norma.h>

/* The least that the pass must move: every tensor that has a value for each position (images,
 * styles, labels, a per-element alpha, and gradients of these) once. */
int64_t bench_bytes_moved(const struct norma_problem *problem);

/* How many images the problem's ceilings read and write: 2, x and y; 3 where another is read, the
 * residual, or backward, where x and dy become dx. */
int bench_images_of_ceiling(const struct norma_problem *problem);

/* What they move. */
int64_t bench_bytes_of_ceiling(const struct norma_problem *problem);

/* All tensors of the problem. */
int64_t bench_footprint(const struct norma_problem *problem);

#endif
