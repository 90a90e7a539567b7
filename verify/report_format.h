/* What formats of the report are given, and what they have to do.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_REPORT_FORMAT_H
#define NORMA_VERIFY_REPORT_FORMAT_H

#include <stdio.h>

#include "case.h"

/* Some numbers, in no order. */
struct norma_values {
    double *list;
    size_t count, capacity;
};

/* What one implementation did on one subject: its vocabulary, an operator, or the properties. */
struct norma_tally {
    char implementation[64], subject[32];
    size_t passed, failed, skipped;
    struct norma_values shares;  /* of the passed ones that have a share, the largest ... */
    struct norma_values medians; /* ... and the median of their elements */
};

/* What the shares of a tally come to. */
struct norma_share_summary {
    double of_elements;     /* the median of the medians of their elements; NaN: there are none */
    double median, largest; /* of the largest */
};

enum { NORMA_MAX_TALLIES = 640 };

struct norma_summary {
    size_t cases;  /* to come, in all */
    size_t number; /* that came */
    size_t passed, failed, skipped;
    uint64_t seed;
    const char *interrupted; /* at the end: the signal that came before it, or NULL */
    struct norma_tally tallies[NORMA_MAX_TALLIES]; /* in the order that they came */
    size_t tally_count;
};

/* Where one format writes. */
struct norma_report_writer {
    const struct norma_format *format;
    FILE *out;
    const char *name; /* of what is written to */
    const struct norma_summary *summary;
    void *state; /* the format's own, NULL at first */
};

struct norma_format {
    const char *name;
    bool (*begin)(struct norma_report_writer *writer); /* false: no memory */
    bool (*add)(struct norma_report_writer *writer,
                const struct norma_case *what);         /* false: no memory */
    bool (*finish)(struct norma_report_writer *writer); /* frees the state; false: no memory */
};

/* NULL: there is none of that name. */
const struct norma_format *norma_format_find(const char *name);

extern const struct norma_format norma_format_tap;
extern const struct norma_format norma_format_junit;
extern const struct norma_format norma_format_jsonl;
extern const struct norma_format norma_format_markdown;

/* The name of a subject number `index`, in the order of reports; NULL beyond the last. */
const char *norma_report_subject(size_t index);

/* The tally of a subject and an implementation, NULL if it has none. */
const struct norma_tally *norma_summary_tally(const struct norma_summary *summary,
                                              const char *subject, const char *implementation);

/* False: there are no shares. */
bool norma_tally_shares(const struct norma_tally *tally, struct norma_share_summary *summary);

#endif
