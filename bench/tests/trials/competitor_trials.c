/* Are verdicts true while another process has a part of the same core? Measures an unchanged kernel
 * against itself, and one that is slower by a tenth against it, beside a competitor that is bound
 * to the same core for a fraction of the time, and counts the verdicts. Takes some minutes, so it
 * is no test of its own: what depends on no luck is tested on a clock that tests move.
 * Usage: competitor_trials [TRIALS]
 * Exit status: 1 if an unchanged kernel was called slower or faster, or a slower one anything but
 * slower or inconclusive.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/measure/measure.h"
#include "verify/harness/tool/tool.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_SAMPLES = 30, VERDICTS = 4 };

/* ---- the kernels ---------------------------------------------------------------------------- */

/* Sums an array some times. */
struct kernel {
    size_t elements, repetitions;
};

static float array[4 << 20];

static norma_status execute(void *state, const struct norma_args *args) {
    const struct kernel *kernel = state;
    (void)args;
    for (size_t r = 0; r < kernel->repetitions; r++) {
        float sums[16] = {0};
        for (size_t i = 0; i < kernel->elements; i++) {
            sums[i % 16] += array[i];
        }
        *(volatile float *)array = sums[0];
    }
    return NORMA_STATUS_OK;
}

static const struct reference_implementation implementation = {.name = "sum", .execute = execute};

/* ---- the competitor ------------------------------------------------------------------------- */

static bool bind_to_first_core(void) {
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

/* Spins for this fraction of every 20 ms, and ends with its parent. */
static void compete(double fraction, pid_t parent) {
    const double period = 20e-3;
    while (getppid() == parent) {
        const double start = bench_now();
        while (bench_now() - start < fraction * period) {
        }
        const struct timespec pause = {.tv_nsec = (long)(1e9 * (1 - fraction) * period)};
        if (fraction < 1) {
            nanosleep(&pause, NULL);
        }
    }
    _exit(0);
}

/* Returns the process; 0: none. */
static pid_t start_competitor(double fraction) {
    const pid_t parent = getpid(), child = fraction > 0 ? fork() : getpid();
    if (child == 0) {
        compete(fraction, parent);
    }
    return child == parent ? 0 : child;
}

static void stop_competitor(pid_t child) {
    if (child > 0) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
}

/* ---- trials --------------------------------------------------------------------------------- */

/* Returns the verdict on `other` relative to `first`. */
static enum bench_verdict measure(struct kernel first, struct kernel other, uint64_t seed) {
    static const struct bench_effort quick = {
        .seconds = 0.4, .min_samples = 3, .max_samples = MOST_SAMPLES, .precision = 0.02};
    static const struct norma_args none;
    double samples[2][MOST_SAMPLES];
    struct bench_contender contenders[2] = {
        {.implementation = &implementation, .state = &first, .samples = samples[0]},
        {.implementation = &implementation, .state = &other, .samples = samples[1]},
    };
    struct bench_estimate ratio;
    bench_measure(contenders, 2, &none, &quick, seed);
    return bench_judge_contenders(&contenders[0], &contenders[1], 0.05, seed, &ratio).verdict;
}

/* Makes trials, prints a row, and returns whether no verdict was false. */
static bool play(const char *name, struct kernel first, struct kernel other, double fraction,
                 int trials) {
    int counts[VERDICTS] = {0};
    const pid_t competitor = start_competitor(fraction);
    for (int i = 0; i < trials; i++) {
        counts[measure(first, other, (uint64_t)i + 1)]++;
    }
    stop_competitor(competitor);
    printf("%-44s %9.0f%% %7d %7d %14d %13d\n", name, 100 * fraction, counts[BENCH_FASTER],
           counts[BENCH_SLOWER], counts[BENCH_NO_DIFFERENCE], counts[BENCH_INCONCLUSIVE]);
    fflush(stdout);
    const bool unchanged = first.repetitions == other.repetitions;
    return counts[BENCH_FASTER] == 0 &&
           (unchanged ? counts[BENCH_SLOWER] : counts[BENCH_NO_DIFFERENCE]) == 0;
}

int main(int argc, char **argv) {
    static const double fractions[] = {0, 0.25, 0.5, 1};
    static const struct {
        const char *name;
        struct kernel kernel;
    } sizes[] = {
        {"in a cache, short", {4096, 10}},
        {"in a cache, as long as a slice", {1 << 17, 10}},
        {"in memory, longer", {sizeof array / sizeof *array, 10}},
    };
    const int trials = argc > 1 ? atoi(argv[1]) : 20;
    bool right = bind_to_first_core();
    for (size_t i = 0; i < sizeof array / sizeof *array; i++) {
        array[i] = (float)(i % 7);
    }
    printf("%-44s %10s %7s %7s %14s %13s\n", "kernel", "competitor", "faster", "slower",
           "no difference", "inconclusive");
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        const struct kernel kernel = sizes[s].kernel;
        for (int slower = 0; slower < 2; slower++) {
            char name[64];
            snprintf(name, sizeof name, "%s, %s", sizes[s].name,
                     slower ? "10% slower" : "unchanged");
            const struct kernel other = {kernel.elements, kernel.repetitions + (size_t)slower};
            for (size_t f = 0; f < sizeof fractions / sizeof *fractions; f++) {
                right = play(name, kernel, other, fractions[f], trials) && right;
            }
        }
    }
    return right ? TOOL_EXIT_FINE : TOOL_EXIT_FAILED;
}
