/* A comparison on standard output, for people, programs and pages of jobs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_COMPARE_REPORT_H
#define NORMA_BENCH_COMPARE_REPORT_H

#include "compare_options.h"
#include "comparison.h"

/* all: what did not change has rows, too; in JSON it has them in any case. */
void norma_comparison_print(const struct norma_comparison *comparison,
                            enum norma_compare_format format, bool all);

#endif
