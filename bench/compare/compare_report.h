/* A comparison on standard output, for people, programs and pages of jobs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_COMPARE_COMPARE_REPORT_H
#define BENCH_COMPARE_COMPARE_REPORT_H

#include "bench/compare/case_comparison.h"
#include "bench/compare/compare_options.h"

/* all: what did not change has rows, too; in JSON it has them in any case. */
void bench_comparison_print(const struct bench_comparison *comparison,
                            enum bench_compare_format format, bool all);

#endif
