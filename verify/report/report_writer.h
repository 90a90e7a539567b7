/* The report of norma-verify: a summary, written in any number of formats.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_REPORT_REPORT_WRITER_H
#define VERIFY_REPORT_REPORT_WRITER_H

#include <stdio.h>

#include "verify/report/format.h"

struct verify_report;

/* Returns the format of a name, NULL if there is none. */
const struct verify_format *verify_format_find(const char *name);

/* Creates a report of so many cases, in TAP of those alone that failed if quiet. Returns NULL if
 * there is not enough memory. */
struct verify_report *verify_report_create(size_t cases, uint64_t seed, bool quiet);

/* Adds a destination for all that follows, in a format; `name` is its name in messages. Returns
 * false if there is not enough memory, or there are too many destinations. */
bool verify_report_add(struct verify_report *report, const struct verify_format *format, FILE *out,
                       const char *name);

void verify_report_case(struct verify_report *report, const struct verify_case *result);

/* Flushes the buffers of all destinations. */
void verify_report_flush(struct verify_report *report);

/* Checks whether everything could be written until now. */
bool verify_report_good(const struct verify_report *report);

/* Checks whether cases of an implementation were skipped as there was too little memory. */
bool verify_report_was_too_large(const struct verify_report *report, const char *implementation);

struct verify_report_result {
    size_t failed;
    size_t checked;        /* cases that were not skipped */
    int error;             /* errno of the first failed write; 0: all succeeded */
    const char *unwritten; /* the name of the destination that it was for */
};

/* Writes the summaries and frees the report. `interrupted` names the signal that ended the run
 * early, or is NULL. */
struct verify_report_result verify_report_finish(struct verify_report *report,
                                                 const char *interrupted);

#endif
