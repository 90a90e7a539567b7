/* How the system scheduled the threads of this process while they were timed, in a file of its own
 * so that tests can replace it.
 *
 * A sample is disturbed by the time for which a thread could have run and was not running: other
 * processes had its core, or the hypervisor, or a quota was used up. For each thread, Linux keeps
 * an account of how long it waited for a processor (/proc/self/task/THREAD/schedstat). It is exact,
 * and 0 where nothing disturbs. The alternatives fail with several threads: processor time beside
 * wall time tells nothing of a thread that spins at a barrier, which uses its processor in full,
 * nor of one that sleeps there, which uses none and has lost nothing. Involuntary switches miss a
 * thread that wakes at the start of a parallel region and finds its core taken.
 *
 * For a caller that never slept, the wall time less its processor time is used in place of its
 * account. It has what the hypervisor takes, too, which accounts have not; and it has no wait from
 * between a reading of the account and one of the clock. That is no rare place: the system lets
 * others run where a call returns to the program.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_SCHEDULING_H
#define BENCH_MEASURE_SCHEDULING_H

#include <stdbool.h>
#include <stddef.h>

/* The account of a sample, from start to stop. */
struct bench_scheduled {
    double cpu;   /* seconds for which the caller was running */
    double lost;  /* seconds: the longest for which one thread could have run and was not running */
    bool unknown; /* a thread was preempted, for a time that the system does not tell */
};

/* The accounts of the threads, and what they were at the start. */
struct bench_scheduling {
    int *files;
    bool *is_caller;
    double *waited;
    size_t count; /* 0: the system keeps no accounts */
    double cpu;
    long sleeps, preemptions; /* switches: voluntary of the caller, involuntary of the process */
};

/* Opens the accounts of the threads that this process has now. */
void bench_scheduling_open(struct bench_scheduling *scheduling);
void bench_scheduling_close(struct bench_scheduling *scheduling);

/* Both take some microseconds, and must be called outside of what is timed. */
void bench_scheduling_start(struct bench_scheduling *scheduling);
/* `wall` is the time in seconds that was measured since the start. */
struct bench_scheduled bench_scheduling_stop(const struct bench_scheduling *scheduling,
                                             double wall);

#endif
