/* How many bytes a problem must move, and how many it touches.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_TRAFFIC_H
#define NORMA_BENCH_TRAFFIC_H

#include "norma.h"

/* The least that the operator must move: x read once, y written once, a style tensor or a
 * per-element alpha read once. */
int64_t norma_bytes_moved(const struct norma_problem *problem);

/* What a copy of x to y moves. */
int64_t norma_bytes_copied(const struct norma_problem *problem);

/* All tensors of the problem. */
int64_t norma_footprint(const struct norma_problem *problem);

#endif
