/* The measurement record: what results.md promises of one problem × implementation × threads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RESULTS_RECORDS_H
#define BENCH_RESULTS_RECORDS_H

#include "bench/measure/measure.h"
#include "bench/shapes/shapes.h"

enum bench_outcome { BENCH_TIMED, BENCH_NOT_SUPPORTED, BENCH_SKIPPED, BENCH_FAILED };

/* What is known of one implementation on one problem. */
struct bench_entry {
    enum bench_outcome outcome;
    char reason[512];      /* unless timed */
    char kernel[128];      /* "" where nothing ran */
    double share_of_bound; /* below 0: not verified (ceilings) */
    bool is_ceiling;
    const char *verified; /* the problem that was verified in place of this one; NULL: this one */
    struct bench_contender contender;
};

/* The quicker of the ceilings among the entries; NULL if none was timed. */
const struct bench_entry *bench_best_ceiling(const struct bench_entry *entries, size_t count);

/* {"median", "low", "high", "samples", "batch"}; a new reference. */
json_t *bench_time_record(const struct bench_contender *contender);

/* A new reference. ceiling may be NULL where the entry was not timed. */
json_t *bench_measurement_record(const struct bench_case *one, int threads,
                                 const struct bench_entry *entry,
                                 const struct bench_entry *ceiling);

#endif
