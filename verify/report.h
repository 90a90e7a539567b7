/* The report of norma-verify: counts, and what the formats (report_format.h) write of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_REPORT_H
#define NORMA_VERIFY_REPORT_H

#include <stdio.h>

#include "case.h"

struct norma_format;
struct norma_report;

/* `cases` is the number of those to come; NULL: no memory. */
struct norma_report *norma_report_create(size_t cases, uint64_t seed);

/* Writes all that follows to `out` in a format, too; `name` is what messages call it. False: no
 * memory, or there are too many. */
bool norma_report_add(struct norma_report *report, const struct norma_format *format, FILE *out,
                      const char *name);

void norma_report_case(struct norma_report *report, const struct norma_case *what);

/* What was reported leaves the buffers. */
void norma_report_flush(struct norma_report *report);

/* Everything could be written until now. */
bool norma_report_good(const struct norma_report *report);

struct norma_report_result {
    size_t failed;
    int error;             /* errno of what could not be written, or 0 ... */
    const char *unwritten; /* ... and its name */
};

/* Writes the summaries and frees the report. `interrupted` names the signal that ended the run
 * early, or is NULL. */
struct norma_report_result norma_report_finish(struct norma_report *report,
                                               const char *interrupted);

#endif
