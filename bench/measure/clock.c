/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "bench/measure/clock.h"

#include <time.h>

double bench_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
