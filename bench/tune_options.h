/* The command line of norma-bench tune.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_TUNE_OPTIONS_H
#define NORMA_BENCH_TUNE_OPTIONS_H

#include "arguments.h"
#include "command_line.h"
#include "implementation.h"
#include "measure.h"

struct norma_tune_options {
    const struct norma_implementation *set; /* the fastest that this machine can run */
    int threads;                            /* 0: all cores */
    struct norma_effort effort;
    int octaves;
    uint64_t seed;
    uint64_t max_memory; /* 0: half of the memory */
    const char *output;  /* NULL: the user's profile; "-": standard output */
};

enum norma_options_end norma_tune_options_read(int argc, char **argv,
                                               struct norma_tune_options *options);

#endif
