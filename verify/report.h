/* The report of norma-verify: TAP, and a summary at its end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_REPORT_H
#define NORMA_VERIFY_REPORT_H

#include <stdio.h>

#include "check.h"

struct norma_report;

/* `cases` is the number of lines to come, functions, problems and properties by implementations;
 * NULL: no memory. */
struct norma_report *norma_report_create(FILE *out, size_t cases, uint64_t seed);

/* One line per problem and implementation. `checks` executions were compared; `share` is the
 * largest of their shares of the bound; `skipped` says what of the problem was, or is NULL. */
void norma_report_pass(struct norma_report *report, const char *implementation,
                       const struct norma_problem *problem, const char *kernel, int checks,
                       double share, const char *skipped);
/* `reason` says why. */
void norma_report_skip(struct norma_report *report, const char *implementation,
                       const struct norma_problem *problem, const char *reason);
/* `vote` may be NULL. */
void norma_report_failure(struct norma_report *report, const char *implementation,
                          const struct norma_problem *problem, struct norma_setup setup,
                          int threads, const char *message, const char *vote);

/* The same for a property that is checked on one case, `text`: a problem, or a shape. */
void norma_report_pass_named(struct norma_report *report, const char *implementation,
                             const char *property, const char *text, int checks, double share);
void norma_report_skip_named(struct norma_report *report, const char *implementation,
                             const char *property, const char *text, const char *reason);
void norma_report_failure_named(struct norma_report *report, const char *implementation,
                                const char *property, const char *text, const char *message);

/* The same for a function of a set's vocabulary, of which `checks` lanes were compared. */
void norma_report_pass_function(struct norma_report *report, const char *implementation,
                                const char *function, int checks);
void norma_report_skip_function(struct norma_report *report, const char *implementation,
                                const char *function, const char *reason);
void norma_report_failure_function(struct norma_report *report, const char *implementation,
                                   const char *function, const char *message);

/* Writes the summary, frees the report, and returns the number of failures; `good` is false if
 * something could not be written. */
size_t norma_report_finish(struct norma_report *report, bool *good);

#endif
