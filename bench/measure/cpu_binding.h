/* Binds threads to cores of their own, one after the other, through hwloc.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_CPU_BINDING_H
#define BENCH_MEASURE_CPU_BINDING_H

#include "verify/harness/tool/tool.h"

#include <hwloc.h>

struct bench_cpu_binding {
    hwloc_topology_t topology;
    int cores;            /* the number of cores that this process may use */
    int count;            /* the number of hardware threads that it may use */
    hwloc_cpuset_t *sets; /* one hardware thread each; the first of every core come first */
};

/* Restricts this process to some of the hardware threads that it may use: `list` names them by the
 * system's numbers, as taskset's --cpu-list does ("0-3,8"); NULL: all. Must be called before the
 * binding is opened. Returns false, with *error, if the list cannot be read, or has one that this
 * process may not use. */
bool bench_use_cpus(const char *list, struct tool_message *error);

/* Returns false if the topology cannot be read. */
bool bench_cpu_binding_open(struct bench_cpu_binding *binding);
void bench_cpu_binding_close(struct bench_cpu_binding *binding);

/* Returns false, with *error, if one of these teams is larger than this process may use, or than
 * OpenMP gives (tool_threads_allow) or the system lets start (tool_threads_startable). */
bool bench_cpu_binding_allows(const struct bench_cpu_binding *binding, const int *threads,
                              size_t count, struct tool_message *error);

/* Binds the OpenMP team of this size, the caller being its first thread. Must be called before
 * every use: a new thread inherits the binding of its creator, and the runtime ends and creates
 * threads as teams change. Returns false if the system does not allow it. */
bool bench_bind_threads(const struct bench_cpu_binding *binding, int threads);

/* Returns the system's number of the hardware thread to which this thread of a team is bound. */
int bench_cpu_of_thread(const struct bench_cpu_binding *binding, int thread);

/* Returns the bytes of a core's first-level data cache; 0 if none is known. */
uint64_t bench_first_cache(const struct bench_cpu_binding *binding);
/* Returns whether the memory is not equally near to all cores. */
bool bench_has_several_nodes(const struct bench_cpu_binding *binding);
/* Returns the bytes of the largest cache; if none is known, the size that libnorma assumes. */
uint64_t bench_largest_cache(const struct bench_cpu_binding *binding);
/* Returns the bytes of all caches of that level together: a processor may have one for every few
 * cores. */
uint64_t bench_last_level_cache(const struct bench_cpu_binding *binding);

#endif
