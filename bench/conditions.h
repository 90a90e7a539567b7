/* The conditions record: how quiet the machine was during a run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_CONDITIONS_H
#define NORMA_BENCH_CONDITIONS_H

#include <jansson.h>
#include <stdbool.h>

/* What others took from this program. */
struct norma_disturbance {
    double steal, total; /* ticks of all processors, from /proc/stat */
    long switches;       /* involuntary */
};

struct norma_disturbance norma_disturbance_now(void);
struct norma_disturbance norma_disturbance_since(const struct norma_disturbance *before);

struct norma_conditions {
    double started;
    double load; /* at the start, before the run itself is load */
    struct norma_disturbance before;
    double *errors; /* relative error of each measurement */
    size_t error_count;
    json_t *warnings;
};

void norma_conditions_start(struct norma_conditions *conditions, int cores);
void norma_conditions_note_error(struct norma_conditions *conditions, double relative_error);
/* Said to the user now, and in the record. */
void norma_conditions_warn(struct norma_conditions *conditions, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A new reference; says warnings about what happened since the start. */
json_t *norma_conditions_finish(struct norma_conditions *conditions, bool interrupted);

#endif
