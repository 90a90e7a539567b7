/* The threads of OpenMP's that execute a plan: their floating-point environments, and executions
 * that get fewer of them than were planned.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_FEWER_THREADS_H
#define VERIFY_CHECKS_FEWER_THREADS_H

#include <stdbool.h>
#include <stdint.h>

/* Changes the floating-point environment of the calling thread and of those that share its work in
 * a team of so many. */
void verify_team_set_controls(int threads, uint64_t controls);

/* Returns the number of the first thread of the team that has other controls; negative if none
 * has. Thread 0 is the calling one. */
int verify_team_find_other(int threads, uint64_t controls);

/* Sets the number of threads that OpenMP takes where none is asked for, which is that of the
 * machine's processors before. Returns what it was. */
int verify_team_set_default(int threads);

typedef void verify_team_work(void *context);

/* Calls work where a parallel region gets at most `limit` threads. */
void verify_team_limit(int limit, verify_team_work *work, void *context);

/* Calls work in the last thread of a parallel region, inside of which another region gets that
 * thread alone. */
void verify_team_nest(verify_team_work *work, void *context);

#endif
