/* Prints comparisons: tables for people, Markdown for the pages of CI jobs, JSON Lines for
 * programs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_COMPARE_COMPARE_REPORT_H
#define BENCH_COMPARE_COMPARE_REPORT_H

#include "bench/compare/case_comparison.h"
#include "bench/compare/compare_options.h"

/* Prints to standard output. With `all`, kernels that did not change have rows as well; in JSON
 * Lines they always have. */
void bench_comparison_print(const struct bench_comparison *comparison,
                            enum bench_compare_format format, bool all);

#endif
