/* The command line of norma-bench explain.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_EXPLAIN_EXPLAIN_OPTIONS_H
#define BENCH_EXPLAIN_EXPLAIN_OPTIONS_H

#include "bench/measure/measure.h"
#include "verify/harness/tool/tool.h"

struct bench_explain_options {
    const char *text; /* the problem, as given */
    struct norma_problem problem;
    const char *set;     /* NULL: the one that a plan takes */
    bool set_loaded;     /* the first plug-in's, because --impl was not given */
    int threads;         /* 0: all cores */
    const char *profile; /* NULL: not given */
    bool jsonl;
    bool plan_only; /* nothing is measured */
    struct bench_effort effort;
    const char *cpus; /* NULL: all that this process may use */
    uint64_t seed;
};

enum tool_options_end bench_explain_options_read(int argc, char **argv,
                                                 struct bench_explain_options *options);

#endif
