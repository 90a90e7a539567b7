/* The command line of norma-bench compare.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_COMPARE_OPTIONS_H
#define NORMA_BENCH_COMPARE_OPTIONS_H

#include "arguments.h"
#include "command_line.h"
#include "comparison.h"

enum norma_compare_format { NORMA_COMPARE_TABLE, NORMA_COMPARE_JSONL, NORMA_COMPARE_MARKDOWN };

struct norma_compare_options {
    const char *base, *side; /* paths; "-": standard input */
    struct norma_criterion criterion;
    struct norma_list different; /* conditions that need not be the same */
    enum norma_compare_format format;
    bool all; /* rows of what did not change, too */
};

enum norma_options_end norma_compare_options_read(int argc, char **argv,
                                                  struct norma_compare_options *options);
void norma_compare_options_free(struct norma_compare_options *options);

#endif
