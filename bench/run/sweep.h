/* The work of a sweep: verifies, times and writes its groups one after the other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RUN_SWEEP_H
#define BENCH_RUN_SWEEP_H

#include "bench/run/sweep_state.h"

/* The message of a worker to the supervising process about one measurement. */
struct bench_sweep_note {
    bool unpinned;                /* the threads could not be pinned to cores */
    struct bench_quality quality; /* else: of the measured time */
};

/* Works in a worker process, from the group that the state names to the end. Notes go through the
 * pipe. */
void bench_sweep_work(const struct bench_sweep *sweep, int pipe);

#endif
