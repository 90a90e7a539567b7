/* The command line of norma-bench machine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_MACHINE_OPTIONS_H
#define BENCH_MACHINE_MACHINE_OPTIONS_H

#include "bench/measure/measure.h"
#include "verify/harness/tool/tool.h"

struct bench_machine_options {
    int threads[TOOL_THREAD_COUNTS];
    size_t thread_count; /* 0: 1, 2, 4 and so on, and all cores */
    struct bench_effort effort;
    int octaves;
    double noise_seconds;
    const char *cpus; /* NULL: all that this process may use */
    uint64_t seed;
    uint64_t max_memory; /* 0: half of the memory */
    bool facts;          /* only what needs no measurement */
    bool jsonl;          /* records on standard output, instead of the page */
    const char *output;  /* NULL: no file */
};

enum tool_options_end bench_machine_options_read(int argc, char **argv,
                                                 struct bench_machine_options *options);

#endif
