/* The conditions record: how quiet the machine was during a run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_CONDITIONS_H
#define BENCH_MACHINE_CONDITIONS_H

#include <jansson.h>
#include <stdbool.h>

/* What others took from this program. */
struct bench_disturbance {
    double steal, total; /* ticks of all processors, from /proc/stat */
    long switches;       /* involuntary */
};

struct bench_disturbance bench_disturbance_now(void);
struct bench_disturbance bench_disturbance_since(const struct bench_disturbance *before);

struct bench_conditions {
    double started;
    double load; /* at the start, before the run itself is load */
    struct bench_disturbance before;
    double *errors; /* relative error of each measurement */
    size_t error_count;
    json_t *warnings;
};

void bench_conditions_start(struct bench_conditions *conditions, int cores);
void bench_conditions_note_error(struct bench_conditions *conditions, double relative_error);
/* Said to the user now, and in the record. */
void bench_conditions_warn(struct bench_conditions *conditions, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A new reference; says warnings about what happened since the start. */
json_t *bench_conditions_finish(struct bench_conditions *conditions, bool interrupted);

#endif
