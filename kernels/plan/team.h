/* How many threads work on an execution.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_PLAN_TEAM_H
#define KERNELS_PLAN_TEAM_H

/* Returns the number of threads that a parallel region asks for, for a plan of so many: these or,
 * where they may be lost, 1. Every region of the library takes it for its num_threads. */
int norma_team(int threads);

#endif
