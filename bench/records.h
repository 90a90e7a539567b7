/* The measurement record: what results.md promises of one problem × implementation × threads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_RECORDS_H
#define NORMA_BENCH_RECORDS_H

#include "cases.h"
#include "measure.h"

enum norma_outcome { NORMA_TIMED, NORMA_NOT_SUPPORTED, NORMA_SKIPPED, NORMA_FAILED };

/* What is known of one implementation on one problem. */
struct norma_entry {
    enum norma_outcome outcome;
    char reason[512];      /* unless timed */
    char kernel[128];      /* "" where nothing ran */
    double share_of_bound; /* below 0: not verified (ceilings) */
    bool is_ceiling;
    const char *verified; /* the problem that was verified in place of this one; NULL: this one */
    struct norma_contender contender;
};

/* The quicker of the ceilings among the entries; NULL if none was timed. */
const struct norma_entry *norma_best_ceiling(const struct norma_entry *entries, size_t count);

/* {"median", "low", "high", "samples", "batch"}; a new reference. */
json_t *norma_time_record(const struct norma_contender *contender);

/* A new reference. ceiling may be NULL where the entry was not timed. */
json_t *norma_measurement_record(const struct norma_case *one, int threads,
                                 const struct norma_entry *entry,
                                 const struct norma_entry *ceiling);

#endif
