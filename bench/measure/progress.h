/* One status line: how far a sweep is and how long it will take.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_PROGRESS_H
#define BENCH_MEASURE_PROGRESS_H

#include <stddef.h>

struct bench_progress {
    double started;
    size_t done, total;             /* cases */
    double done_bytes, total_bytes; /* of those done in this run, and of all that it has to do */
};

/* What a case weighs: its bytes, and what every case costs however small it is. */
double bench_progress_weight(double bytes);

void bench_progress_show(const struct bench_progress *progress, const char *what);

/* "1 h 5 min", "4 min 10 s", "12 s". */
void bench_print_duration(double seconds, char *text, size_t size);

#endif
