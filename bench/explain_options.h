/* The command line of norma-bench explain.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_EXPLAIN_OPTIONS_H
#define NORMA_BENCH_EXPLAIN_OPTIONS_H

#include "arguments.h"
#include "command_line.h"
#include "measure.h"

struct norma_explain_options {
    const char *text; /* of the problem, as given */
    struct norma_problem problem;
    const char *set;     /* NULL: what a plan takes */
    bool set_loaded;     /* it is the first plug-in's, as no other was asked for */
    int threads;         /* 0: all cores */
    const char *profile; /* NULL: not given */
    bool jsonl;
    bool plan_only; /* nothing is measured */
    struct norma_effort effort;
    uint64_t seed;
};

/* What is wrong has been said. */
enum norma_options_end norma_explain_options_read(int argc, char **argv,
                                                  struct norma_explain_options *options);

#endif
