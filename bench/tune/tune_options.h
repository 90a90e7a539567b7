/* The command line of norma-bench tune.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_TUNE_TUNE_OPTIONS_H
#define BENCH_TUNE_TUNE_OPTIONS_H

#include "bench/measure/measure.h"
#include "reference/interface/interface.h"
#include "verify/harness/tool/tool.h"

struct bench_tune_options {
    const struct reference_implementation *set; /* the fastest that this machine can run */
    int threads;                                /* 0: all cores */
    struct bench_effort effort;
    int octaves;
    const char *cpus; /* NULL: all that this process may use */
    uint64_t seed;
    uint64_t max_memory; /* 0: half of the memory */
    const char *output;  /* NULL: the user's profile; "-": standard output */
};

enum tool_options_end bench_tune_options_read(int argc, char **argv,
                                              struct bench_tune_options *options);

#endif
