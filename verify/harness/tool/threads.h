/* How many threads OpenMP gives to a team, where its environment has a say in it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_THREADS_H
#define VERIFY_HARNESS_TOOL_THREADS_H

#include "verify/harness/tool/message.h"

#include <stddef.h>

/* Returns the largest team that OpenMP gives: OMP_THREAD_LIMIT limits it, and
 * OMP_MAX_ACTIVE_LEVELS=0 makes it 1. A program that asks for more gets fewer without a word. */
int tool_threads_most(void);

/* Returns false, with *error, if one of these teams is larger than OpenMP gives. Otherwise, teams
 * that are started by the caller have as many threads as they ask for: OMP_DYNAMIC, by which the
 * runtime may choose fewer where the machine is busy, is set aside. Results must not be of fewer
 * threads than they say, and GNU's OpenMP traps while it chooses if floating-point traps are on. */
bool tool_threads_allow(const int *threads, size_t count, struct tool_message *error);

/* Returns how many threads a team of so many can have, the caller included, as far as the system
 * lets threads start: `ulimit -v` may leave no room for their stacks, `ulimit -u` or a control
 * group (pids.max) not allow as many. OpenMP ends the program where it cannot start a thread, so
 * this is asked before. It starts threads of its own, twice as many, as the threads of the last
 * team may still be there, and what runs next takes memory, too. */
int tool_threads_startable(int threads);

/* Makes OpenMP take no more threads, where it is asked for no number, than can be started. */
void tool_threads_settle(void);

#endif
