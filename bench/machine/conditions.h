/* How quiet the machine was: the conditions record of a run, and the noise of a single core.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_CONDITIONS_H
#define BENCH_MACHINE_CONDITIONS_H

#include "bench/machine/quota.h"
#include "bench/measure/measure.h"

#include <jansson.h>
#include <stdbool.h>

/* The disturbance by other programs and guests. */
struct bench_disturbance {
    double steal, total; /* clock ticks of all processors, from /proc/stat */
    long switches;       /* involuntary context switches */
};

struct bench_conditions {
    double started;
    double load; /* the load average at the start, before the run itself adds to it */
    double busy; /* of the processors that this process may use: so many were busy at the start */
    struct bench_disturbance before;
    struct bench_quota quota; /* at the start */
    double *errors;           /* the relative error of each measurement */
    size_t error_count;
    size_t samples, disturbed, uncertain; /* of contender.h: samples, and measurements */
    json_t *warnings;
};

/* Takes a tenth of a second, in which it looks at how busy the processors of the binding are. */
void bench_conditions_start(struct bench_conditions *conditions,
                            const struct bench_cpu_binding *binding);
/* Notes how well one contender could be measured. */
void bench_conditions_note(struct bench_conditions *conditions,
                           const struct bench_quality *quality);
/* Reports a warning to the user at once, and in the record. */
void bench_conditions_warn(struct bench_conditions *conditions, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Returns the record as a new reference. Warns about what happened since the start. */
json_t *bench_conditions_finish(struct bench_conditions *conditions, bool interrupted);

/* How long some processors were idle, and all the time that passed on them, in clock ticks. */
struct bench_ticks {
    double idle, total;
};

/* Reads what /proc/stat says of these processors; `root` is put before the path. Both are 0 where
 * the system does not tell. External for its test only. */
struct bench_ticks bench_ticks_read(const char *root, hwloc_const_cpuset_t processors);

/* Returns how many of so many processors were busy from before to after. External for its test
 * only. */
double bench_busy_processors(struct bench_ticks before, struct bench_ticks after, int count);

/* Reads the clock without a pause for so many seconds, or until it is interrupted. Returns a new
 * reference, {"seconds", "worst_gap", "gaps", "lost_share", "steal_share", "involuntary_switches"}:
 * a gap is more than 10 us between two readings, lost_share the fraction of the time that all gaps
 * took. */
json_t *bench_noise_record(double seconds);

#endif
