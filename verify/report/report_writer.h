/* The report of norma-verify: counts, and what the formats (report_format.h) write of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_REPORT_REPORT_WRITER_H
#define VERIFY_REPORT_REPORT_WRITER_H

#include <stdio.h>

#include "verify/report/verified_case.h"

struct verify_format;
struct verify_report;

/* `cases` is the number of those to come; NULL: no memory. */
struct verify_report *verify_report_create(size_t cases, uint64_t seed);

/* Writes all that follows to `out` in a format, too; `name` is what messages call it. False: no
 * memory, or there are too many. */
bool verify_report_add(struct verify_report *report, const struct verify_format *format, FILE *out,
                       const char *name);

void verify_report_case(struct verify_report *report, const struct verify_case *what);

/* What was reported leaves the buffers. */
void verify_report_flush(struct verify_report *report);

/* Everything could be written until now. */
bool verify_report_good(const struct verify_report *report);

struct verify_report_result {
    size_t failed;
    int error;             /* errno of what could not be written, or 0 ... */
    const char *unwritten; /* ... and its name */
};

/* Writes the summaries and frees the report. `interrupted` names the signal that ended the run
 * early, or is NULL. */
struct verify_report_result verify_report_finish(struct verify_report *report,
                                                 const char *interrupted);

#endif
