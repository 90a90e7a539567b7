/* Measures how fast this machine's memory and arithmetic are: the ceilings by footprint and number
 * of threads, as records.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_PROBE_H
#define BENCH_MACHINE_PROBE_H

#include "bench/machine/conditions.h"
#include "bench/measure/measure.h"
#include "bench/results/results.h"

struct bench_probe {
    const struct bench_cpu_binding *binding;
    const int *threads;
    size_t thread_count;
    struct bench_effort effort; /* for each group of ceilings measured against each other */
    uint64_t seed;
    uint64_t max_memory;
    int octaves;                   /* log2 of the ratio of a footprint to the one before */
    struct bench_results *results; /* NULL: the records are only kept */
    struct bench_conditions *conditions;
    json_t *memory, *compute; /* arrays of the records measured */
    struct bench_buffers buffers;
    struct bench_progress progress;
};

enum bench_probe_end {
    BENCH_PROBE_COMPLETE,
    BENCH_PROBE_INTERRUPTED,
    BENCH_PROBE_NO_MEMORY,
    BENCH_PROBE_UNWRITABLE /* the reason was reported */
};

/* Fills compute and memory, which the caller must release however it ends. */
enum bench_probe_end bench_probe_run(struct bench_probe *probe);

/* Computes the footprints that the tables have a row for, and returns their number. The largest is
 * the first power of two that is at least four times all caches of the last level, or less if three
 * tensors of its size would not fit into max_memory. The others go down from it in steps of so many
 * octaves to 16 KiB, or the last one above. External for its test only. */
enum { BENCH_FOOTPRINTS = 48 };
size_t bench_probe_footprints(uint64_t last_level, uint64_t max_memory, int octaves,
                              uint64_t footprints[BENCH_FOOTPRINTS]);

#endif
