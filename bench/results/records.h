/* The measurement record that results.md describes, one for each problem × implementation ×
 * threads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RESULTS_RECORDS_H
#define BENCH_RESULTS_RECORDS_H

#include "bench/measure/measure.h"
#include "bench/shapes/shapes.h"

enum bench_outcome { BENCH_TIMED, BENCH_NOT_SUPPORTED, BENCH_SKIPPED, BENCH_FAILED };

/* The result of one implementation on one problem. */
struct bench_entry {
    enum bench_outcome outcome;
    char reason[512];      /* empty if timed */
    char kernel[128];      /* empty if nothing ran */
    double share_of_bound; /* below 0: not verified, as the ceilings */
    bool is_ceiling;
    const char *verified; /* the problem that was verified in place of this one; NULL: this one */
    struct bench_contender contender;
};

/* Returns "ok", "unsupported", "skipped" or "failed". */
const char *bench_outcome_name(enum bench_outcome outcome);

/* Returns the quicker of the ceilings among the entries; NULL if none was timed. */
const struct bench_entry *bench_best_ceiling(const struct bench_entry *entries, size_t count);

/* Returns the rate of the entry if an execution takes so many seconds. */
double bench_gigabytes_per_second(const struct norma_problem *problem,
                                  const struct bench_entry *entry, double seconds);

/* Returns {"median", "low", "high", "samples", "batch", "cpu", "disturbed", "uncertain"} as a new
 * reference. */
json_t *bench_time_record(const struct bench_contender *contender);

/* Returns the record as a new reference. ceiling may be NULL if the entry was not timed. */
json_t *bench_measurement_record(const struct bench_case *test_case, int threads,
                                 const struct bench_entry *entry,
                                 const struct bench_entry *ceiling);

#endif
