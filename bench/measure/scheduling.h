/* How the system scheduled the threads of this process while they were timed, in a file of its own
 * so that tests can replace it.
 *
 * What counts is the time for which a thread could have run and was not running: other processes
 * had its core, or the hypervisor, or a quota was used up. For each thread, Linux keeps an account
 * of how long it waited for a processor (/proc/self/task/THREAD/schedstat). It is exact, and 0
 * where nothing disturbs. The alternatives fail with several threads: processor time beside wall
 * time tells nothing of a thread that spins at a barrier, which uses its processor in full, nor of
 * one that sleeps there, which uses none and has lost nothing. Involuntary switches miss a thread
 * that wakes at the start of a parallel region and finds its core taken.
 *
 * The account does not have what the hypervisor takes. The caller's wall time less its processor
 * time has, but only if the caller never slept, so this counts as lost as well where it never
 * did.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_SCHEDULING_H
#define BENCH_MEASURE_SCHEDULING_H

#include <stddef.h>

/* What happened between start and stop. */
struct bench_scheduled {
    double cpu;  /* seconds for which the caller was running */
    double lost; /* seconds: the longest for which one thread could have run and was not running */
};

/* The accounts of the threads, and what they were at the start. */
struct bench_scheduling {
    int *files;
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
/* `wall` is the time that was measured since the start. Where there are no accounts and the caller
 * slept, all of it counts as lost if a thread of this process was preempted. */
struct bench_scheduled bench_scheduling_stop(const struct bench_scheduling *scheduling,
                                             double wall);

#endif
