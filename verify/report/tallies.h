/* Counts of cases, and shares of their error bounds, by subject and implementation.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_REPORT_TALLIES_H
#define VERIFY_REPORT_TALLIES_H

#include <time.h>

#include "verify/report/verified_case.h"

/* Numbers in no particular order. */
struct verify_values {
    double *list;
    size_t count, capacity;
};

/* The counts of one implementation on one subject: its vocabulary, an operator, or the
 * properties. */
struct verify_tally {
    char implementation[64], subject[32];
    size_t passed, failed, skipped;
    size_t too_large;             /* of those that were skipped */
    struct verify_values shares;  /* the largest share of each case that passed and has one */
    struct verify_values medians; /* the median share of the elements of each such case */
};

/* The shares of a tally in three numbers. */
struct verify_share_summary {
    double of_elements;     /* the median of the medians of elements; NaN: there are none */
    double median, largest; /* of the largest shares */
};

enum { VERIFY_MAX_TALLIES = 640 };

struct verify_summary {
    size_t cases;  /* of the whole run */
    size_t number; /* of cases that were counted */
    size_t passed, failed, skipped;
    uint64_t seed;
    bool quiet;              /* for people: without cases that passed or were skipped */
    time_t start;            /* of the run */
    double begun;            /* the same moment, by tool_seconds */
    const char *interrupted; /* the signal that ended the run early, or NULL */
    struct verify_tally tallies[VERIFY_MAX_TALLIES]; /* in the order of their first cases */
    size_t tally_count;
};

void verify_summary_count(struct verify_summary *summary, const struct verify_case *result);
void verify_summary_release(struct verify_summary *summary);

/* Returns the name of subject number `index`, in the order of reports; NULL beyond the last. */
const char *verify_report_subject(size_t index);

/* Returns the tally of a subject and an implementation, NULL if there is none. */
const struct verify_tally *verify_summary_tally(const struct verify_summary *summary,
                                                const char *subject, const char *implementation);

/* Checks whether cases of an implementation were skipped as there was too little memory. */
bool verify_summary_was_too_large(const struct verify_summary *summary, const char *implementation);

/* Summarizes the shares of a tally. Returns false if it has none. */
bool verify_tally_shares(const struct verify_tally *tally, struct verify_share_summary *summary);

#endif
