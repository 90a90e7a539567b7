/* The command line of norma-bench machine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_MACHINE_OPTIONS_H
#define NORMA_BENCH_MACHINE_OPTIONS_H

#include "arguments.h"
#include "command_line.h"
#include "measure.h"

struct norma_machine_options {
    int threads[NORMA_THREAD_COUNTS];
    size_t thread_count; /* 0: 1, 2, 4, ... and all cores */
    struct norma_effort effort;
    int octaves;
    double noise_seconds;
    uint64_t seed;
    uint64_t max_memory; /* 0: half of the memory */
    bool facts;          /* nothing that takes time */
    bool jsonl;          /* on standard output, in place of the page */
    const char *output;  /* NULL: no file */
};

enum norma_options_end norma_machine_options_read(int argc, char **argv,
                                                  struct norma_machine_options *options);

#endif
