/* The status line of a sweep: how far it is and how long it will still take. Where there is no
 * status line, as in the log of a CI job, a line every minute shows that the sweep is alive.
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
    double said;                    /* the time of the last line in a log; 0: none yet */
};

/* Returns the weight of a case: its bytes, and a constant, which every case costs. */
double bench_progress_weight(double bytes);

/* Writes "1 h 5 min", "4 min 10 s" or "12 s". */
void bench_duration_print(double seconds, char *text, size_t size);

/* Shows the status line, or writes a line to a log once in a minute. */
void bench_progress_show(struct bench_progress *progress, const char *what);

#endif
