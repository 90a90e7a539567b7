/* How fast this machine's memory and arithmetic are: the ceilings by footprint and number of
 * threads, as records.
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
    struct bench_effort effort; /* for those that are measured against each other */
    uint64_t seed;
    uint64_t max_memory;
    int octaves;                   /* from a footprint to the next */
    struct bench_results *results; /* NULL: the records are only kept */
    struct bench_conditions *conditions;
    json_t *memory, *compute; /* what was measured */
    struct bench_buffers buffers;
    struct bench_progress progress;
};

enum bench_probe_end {
    BENCH_PROBE_COMPLETE,
    BENCH_PROBE_INTERRUPTED,
    BENCH_PROBE_NO_MEMORY,
    BENCH_PROBE_UNWRITABLE /* said why */
};

/* Fills compute and memory, which the caller drops, whatever the end. */
enum bench_probe_end bench_probe_run(struct bench_probe *probe);

/* What the tables have a row for: from 16 KiB to the first power of two that is four times all
 * caches of the last level, in steps of so many octaves that the largest is among them, and 0 at
 * the end. Three tensors of the largest must fit into max_memory. */
enum { BENCH_FOOTPRINTS = 48 };
size_t bench_probe_footprints(uint64_t last_level, uint64_t max_memory, int octaves,
                              uint64_t footprints[BENCH_FOOTPRINTS]);

#endif
