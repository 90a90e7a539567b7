/* Where threads run: one after the other on cores of their own, pinned through hwloc.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_CPU_BINDING_H
#define BENCH_MEASURE_CPU_BINDING_H

#include "verify/harness/tool/tool.h"

#include <hwloc.h>

struct bench_cpu_binding {
    hwloc_topology_t topology;
    int cores; /* that this process may use */
    int count; /* hardware threads that it may use; the first of each core come first */
    hwloc_cpuset_t *sets;
};

/* False where the topology cannot be read. */
bool bench_cpu_binding_open(struct bench_cpu_binding *places);
void bench_cpu_binding_close(struct bench_cpu_binding *places);

/* False, and *error: a team of these is larger than what this process may use. */
bool bench_cpu_binding_allows(const struct bench_cpu_binding *places, const int *threads,
                              size_t count, struct tool_message *error);

/* Pins the OpenMP team of this size, the caller being its first thread. Again before every use: a
 * new thread inherits its creator's place, and the runtime ends and makes threads as teams change.
 * False where the system does not let it. */
bool bench_bind_threads(const struct bench_cpu_binding *places, int threads);

/* A core's first-level data cache, in bytes; 0 where there is none. */
uint64_t bench_first_cache(const struct bench_cpu_binding *places);
/* Is memory not equally near to all cores? */
bool bench_has_several_nodes(const struct bench_cpu_binding *places);
/* The largest cache, in bytes; where none is known, what libnorma takes there to be. */
uint64_t bench_largest_cache(const struct bench_cpu_binding *places);
/* All caches of that level together: a processor may have one for every few cores. */
uint64_t bench_last_level_cache(const struct bench_cpu_binding *places);

#endif
