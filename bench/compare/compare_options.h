/* The command line of norma-bench compare.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_COMPARE_COMPARE_OPTIONS_H
#define BENCH_COMPARE_COMPARE_OPTIONS_H

#include "bench/compare/case_comparison.h"
#include "verify/harness/tool/tool.h"

enum bench_compare_format { BENCH_COMPARE_TABLE, BENCH_COMPARE_JSONL, BENCH_COMPARE_MARKDOWN };

struct bench_compare_options {
    const char *base, *side; /* paths; "-": standard input */
    struct bench_criterion criterion;
    struct tool_list different; /* conditions that need not be the same */
    enum bench_compare_format format;
    bool all;                /* also rows of kernels that did not change */
    bool require_conclusive; /* an inconclusive kernel fails the command */
};

enum tool_options_end bench_compare_options_read(int argc, char **argv,
                                                 struct bench_compare_options *options);
void bench_compare_options_free(struct bench_compare_options *options);

#endif
