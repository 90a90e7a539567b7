/* Going over the vocabulary, over problems, data, implementations and placements, and over the
 * properties.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_RUN_H
#define NORMA_VERIFY_RUN_H

#include "options.h"
#include "report.h"

/* Threads for problem number `index`: 1, 2 and 3 in turn, unless the options say how many. */
int norma_verify_threads(const struct norma_verify_options *options, size_t index);

/* The number of lines that norma_verify_run reports. */
size_t norma_verify_cases(const struct norma_verify_options *options);

void norma_verify_run(const struct norma_verify_options *options, struct norma_report *report);

#endif
