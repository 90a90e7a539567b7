/* The status line of a sweep: how far it is and how long it will still take.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_PROGRESS_H
#define BENCH_MEASURE_PROGRESS_H

#include <stddef.h>

struct bench_progress {
    double started;
    size_t done, total;             /* cases */
    double done_bytes, total_bytes; /* weights of the cases done in this run, and of all to do */
};

/* Returns the weight of a case: its bytes, and a constant, which every case costs. */
double bench_progress_weight(double bytes);

/* Shows the status line. */
void bench_progress_show(const struct bench_progress *progress, const char *what);

#endif
