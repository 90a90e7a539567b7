/* What threads lost to other work, with another process that is bound to the same core.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/measure/clock.h"
#include "bench/measure/scheduling.h"

#include <criterion/criterion.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Some fifty time slices. */
static const double long_enough = 0.4;

static struct bench_scheduling scheduling;
static pid_t competitor;

/* Binds the caller, and all that it starts, to the first core that it may use. */
static bool bind_to_one_core(void) {
    cpu_set_t allowed, one;
    CPU_ZERO(&one);
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
        return false;
    }
    for (size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++) {
        if (CPU_ISSET(i, &allowed)) {
            CPU_SET(i, &one);
        }
    }
    return sched_setaffinity(0, sizeof one, &one) == 0;
}

static void start_competitor(void) {
    competitor = fork();
    for (volatile bool spinning = competitor == 0; spinning;) {
    }
}

static void open_all(void) {
    if (!bind_to_one_core()) {
        cr_skip_test("threads cannot be bound here");
    }
    bench_scheduling_open(&scheduling);
}

static void close_all(void) {
    bench_scheduling_close(&scheduling);
    if (competitor > 0) {
        kill(competitor, SIGKILL);
        waitpid(competitor, NULL, 0);
    }
}

TestSuite(scheduling, .init = open_all, .fini = close_all);

static double spin(double seconds) {
    const double start = bench_now();
    while (bench_now() - start < seconds) {
    }
    return bench_now() - start;
}

Test(scheduling, what_a_competitor_takes_is_lost) {
    start_competitor();
    bench_scheduling_start(&scheduling);
    const double wall = spin(long_enough);
    const struct bench_scheduled scheduled = bench_scheduling_stop(&scheduling, wall);
    cr_expect_geq(scheduled.lost, 0.1 * wall);
    cr_expect_leq(scheduled.lost, wall);
    cr_expect_leq(scheduled.cpu, 0.9 * wall);
}

/* The second thread sleeps between parallel regions. It loses when it wakes and its core is
 * taken, though nothing preempts it. */
Test(scheduling, what_another_thread_loses_counts) {
    if (scheduling.count == 0) {
        cr_skip_test("this system keeps no accounts of threads");
    }
    bench_scheduling_close(&scheduling);
#pragma omp parallel num_threads(2)
    spin(1e-4);
    bench_scheduling_open(&scheduling);
    cr_expect_geq(scheduling.count, 2);
    bench_scheduling_start(&scheduling);
    const double start = bench_now();
#pragma omp parallel num_threads(2)
    spin(long_enough / 2);
    const double wall = bench_now() - start;
    const struct bench_scheduled scheduled = bench_scheduling_stop(&scheduling, wall);
    cr_expect_geq(scheduled.lost, 0.1 * wall, "two threads on one core: %g of %g", scheduled.lost,
                  wall);
}

Test(scheduling, sleep_is_not_lost) {
    const struct timespec pause = {.tv_nsec = 300000000};
    bench_scheduling_start(&scheduling);
    const double start = bench_now();
    nanosleep(&pause, NULL);
    const double wall = bench_now() - start;
    const struct bench_scheduled scheduled = bench_scheduling_stop(&scheduling, wall);
    cr_expect_leq(scheduled.lost, wall - 0.29, "%g", scheduled.lost);
    cr_expect_leq(scheduled.cpu, 0.1);
}
