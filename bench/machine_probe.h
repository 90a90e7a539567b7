/* How fast this machine's memory and arithmetic are: the ceilings by footprint and number of
 * threads, as records.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_MACHINE_PROBE_H
#define NORMA_BENCH_MACHINE_PROBE_H

#include "buffers.h"
#include "conditions.h"
#include "measure.h"
#include "places.h"
#include "progress.h"
#include "results.h"

struct norma_probe {
    const struct norma_places *places;
    const int *threads;
    size_t thread_count;
    struct norma_effort effort; /* for those that are measured against each other */
    uint64_t seed;
    uint64_t max_memory;
    int octaves;                   /* from a footprint to the next */
    struct norma_results *results; /* NULL: the records are only kept */
    struct norma_conditions *conditions;
    json_t *memory, *compute; /* what was measured */
    struct norma_buffers buffers;
    struct norma_progress progress;
};

enum norma_probe_end {
    NORMA_PROBE_COMPLETE,
    NORMA_PROBE_INTERRUPTED,
    NORMA_PROBE_NO_MEMORY,
    NORMA_PROBE_UNWRITABLE /* said why */
};

/* Fills compute and memory, which the caller drops, whatever the end. */
enum norma_probe_end norma_probe_run(struct norma_probe *probe);

/* What the tables have a row for: from 16 KiB to the first power of two that is four times all
 * caches of the last level, in steps of so many octaves that the largest is among them, and 0 at
 * the end. Three tensors of the largest must fit into max_memory. */
enum { NORMA_FOOTPRINTS = 48 };
size_t norma_probe_footprints(uint64_t last_level, uint64_t max_memory, int octaves,
                              uint64_t footprints[NORMA_FOOTPRINTS]);

#endif
