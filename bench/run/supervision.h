/* Runs a sweep in worker processes, so that a kernel that crashes, hangs or exits fails its own
 * measurement only, and all others are made.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RUN_SUPERVISION_H
#define BENCH_RUN_SUPERVISION_H

#include "bench/run/sweep_state.h"

/* Runs the sweep. Must be called before any OpenMP region of this process, as it forks. */
enum bench_sweep_end bench_sweep_run(struct bench_sweep *sweep, struct bench_sweep_totals *totals);

#endif
