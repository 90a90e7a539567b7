/* The timer that time is measured with, and the clock rate of the core.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/machine/core_clock.h"
#include "bench/machine/machine_record.h"
#include "bench/measure/measure.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

enum { SAMPLES = 501, CALLS = 100 };

static double resolution(void) {
    struct timespec least;
    return clock_getres(CLOCK_MONOTONIC_RAW, &least) == 0
               ? (double)least.tv_sec + 1e-9 * (double)least.tv_nsec
               : 0;
}

/* Returns the smallest difference between two readings that differ. */
static double step(void) {
    double least = 1, last = bench_now();
    for (int i = 0; i < CALLS; i++) {
        double now = bench_now();
        least = now > last && now - last < least ? now - last : least;
        last = now;
    }
    return least;
}

/* Returns the seconds that a call takes. */
static double cost(void) {
    double samples[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
        double start = bench_now(), end = start;
        for (int k = 0; k < CALLS; k++) {
            end = bench_now();
        }
        samples[i] = (end - start) / CALLS;
    }
    return bench_median(samples, SAMPLES);
}

/* Additions that each need the result of the one before take one cycle each on every processor of
 * these architectures. Both operands are registers, as some processors add a constant while
 * decoding the instruction, without a cycle. */
#if defined(__x86_64__)
#define ADD "add %1, %0\n\t"
#elif defined(__aarch64__)
#define ADD "add %0, %0, %1\n\t"
#endif

#if defined(ADD)
#define ADD_8  ADD ADD ADD ADD ADD ADD ADD ADD
#define ADD_64 ADD_8 ADD_8 ADD_8 ADD_8 ADD_8 ADD_8 ADD_8 ADD_8

/* Samples are short, so that an interruption spoils few of them and not the median. */
enum { ADDITIONS = 64, ROUNDS = 1000 };

/* The time until the core has reached its clock rate at work. */
static const double warm_seconds = 20e-3;

static double cycles_per_second(void) {
    uint64_t sum = 0, term = 1;
    double start = bench_now();
    for (int i = 0; i < ROUNDS; i++) {
        __asm__ volatile(ADD_64 : "+r"(sum) : "r"(term));
    }
    return (double)ADDITIONS * ROUNDS / (bench_now() - start);
}

static json_t *core_hz(void) {
    double samples[SAMPLES];
    for (double start = bench_now(); bench_now() - start < warm_seconds;) {
        cycles_per_second();
    }
    for (int i = 0; i < SAMPLES; i++) {
        samples[i] = cycles_per_second();
    }
    struct bench_estimate estimate = bench_estimate_median(samples, SAMPLES, 1);
    return json_pack("{s:f, s:f, s:f}", "median", estimate.median, "low", estimate.low, "high",
                     estimate.high);
}
#else
static json_t *core_hz(void) {
    return NULL;
}
#endif

json_t *bench_clock_record(void) {
    char source[64];
    bench_first_line("/sys/devices/system/clocksource/clocksource0/current_clocksource", source,
                     sizeof source);
    return json_pack("{s:s, s:s, s:f, s:f, s:f, s:o*}", "source", source[0] ? source : "unknown",
                     "timer", "CLOCK_MONOTONIC_RAW", "resolution", resolution(), "step", step(),
                     "cost", cost(), "core_hz", core_hz());
}
