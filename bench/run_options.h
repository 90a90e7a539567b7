/* The command line of norma-bench run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_RUN_OPTIONS_H
#define NORMA_BENCH_RUN_OPTIONS_H

#include "arguments.h"
#include "cases.h"
#include "command_line.h"
#include "measure.h"

struct norma_run_options {
    struct norma_list shapes, implementations, required;
    struct norma_list loaded; /* files of plug-ins */
    struct norma_list watched;
    const char *build;          /* NULL: not given */
    struct norma_list problems; /* as they stand on the command line: text, @FILE or - */
    struct norma_sweep_axes axes;
    int threads[NORMA_THREAD_COUNTS];
    size_t thread_count; /* 0: one, and all cores */
    uint64_t seed;
    struct norma_effort effort;
    uint64_t max_memory; /* 0: half of the memory */
    size_t shard, shards;
    const char *profile; /* NULL: not given */
    const char *output;  /* of the records; "-": standard output; NULL: none */
    bool tabulated;      /* tables on standard output */
    unsigned case_timeout;
    bool resume, list, counters;
};

enum norma_options_end norma_run_options_read(int argc, char **argv,
                                              struct norma_run_options *options);
void norma_run_options_free(struct norma_run_options *options);

#endif
