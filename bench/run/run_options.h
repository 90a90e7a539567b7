/* The command line of norma-bench run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RUN_RUN_OPTIONS_H
#define BENCH_RUN_RUN_OPTIONS_H

#include "bench/measure/measure.h"
#include "bench/run/table.h"
#include "bench/shapes/shapes.h"
#include "verify/harness/tool/tool.h"

struct bench_run_options {
    struct tool_list shapes, implementations, required;
    struct tool_list loaded; /* files of plug-ins */
    struct tool_list watched;
    const char *build;         /* NULL: not given */
    struct tool_list problems; /* as on the command line: text, @FILE or - */
    struct bench_sweep_axes axes;
    int threads[TOOL_THREAD_COUNTS];
    size_t thread_count; /* 0: one, and all cores */
    const char *cpus;    /* NULL: all that this process may use */
    uint64_t seed;
    struct bench_effort effort;
    uint64_t max_memory; /* 0: half of the memory */
    size_t shard, shards;
    const char *profile;            /* NULL: not given */
    const char *output;             /* for the records; "-": standard output; NULL: none */
    enum bench_table_format format; /* of standard output, beside records */
    int order;                      /* enum bench_table_order */
    unsigned case_timeout;          /* seconds; 0: by the size of the case */
    bool resume, list, counters;
};

enum tool_options_end bench_run_options_read(int argc, char **argv,
                                             struct bench_run_options *options);
void bench_run_options_free(struct bench_run_options *options);

#endif
