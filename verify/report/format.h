/* What formats of the report are given, and what they have to do.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_REPORT_FORMAT_H
#define VERIFY_REPORT_FORMAT_H

#include <stdio.h>

#include "verify/report/verified_case.h"

/* Some numbers, in no order. */
struct verify_values {
    double *list;
    size_t count, capacity;
};

/* What one implementation did on one subject: its vocabulary, an operator, or the properties. */
struct verify_tally {
    char implementation[64], subject[32];
    size_t passed, failed, skipped;
    struct verify_values shares;  /* of the passed ones that have a share, the largest ... */
    struct verify_values medians; /* ... and the median of their elements */
};

/* What the shares of a tally come to. */
struct verify_share_summary {
    double of_elements;     /* the median of the medians of their elements; NaN: there are none */
    double median, largest; /* of the largest */
};

enum { VERIFY_MAX_TALLIES = 640 };

struct verify_summary {
    size_t cases;  /* to come, in all */
    size_t number; /* that came */
    size_t passed, failed, skipped;
    uint64_t seed;
    const char *interrupted; /* at the end: the signal that came before it, or NULL */
    struct verify_tally tallies[VERIFY_MAX_TALLIES]; /* in the order that they came */
    size_t tally_count;
};

/* Where one format writes. */
struct verify_report_writer {
    const struct verify_format *format;
    FILE *out;
    const char *name; /* of what is written to */
    const struct verify_summary *summary;
    void *state; /* the format's own, NULL at first */
};

struct verify_format {
    const char *name;
    bool (*begin)(struct verify_report_writer *writer); /* false: no memory */
    bool (*add)(struct verify_report_writer *writer,
                const struct verify_case *what);         /* false: no memory */
    bool (*finish)(struct verify_report_writer *writer); /* frees the state; false: no memory */
};

/* NULL: there is none of that name. */
const struct verify_format *verify_format_find(const char *name);

extern const struct verify_format verify_format_tap;
extern const struct verify_format verify_format_junit;
extern const struct verify_format verify_format_jsonl;
extern const struct verify_format verify_format_markdown;

/* The name of a subject number `index`, in the order of reports; NULL beyond the last. */
const char *verify_report_subject(size_t index);

/* The tally of a subject and an implementation, NULL if it has none. */
const struct verify_tally *verify_summary_tally(const struct verify_summary *summary,
                                                const char *subject, const char *implementation);

/* False: there are no shares. */
bool verify_tally_shares(const struct verify_tally *tally, struct verify_share_summary *summary);

#endif
