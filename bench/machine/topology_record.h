/* The topology of the machine: packages, caches, cores, hardware threads and memory nodes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_TOPOLOGY_RECORD_H
#define BENCH_MACHINE_TOPOLOGY_RECORD_H

#include <hwloc.h>
#include <jansson.h>

/* Returns the numbers of objects as a new reference: {"cores", "threads", "packages", "numa_nodes",
 * "caches", "memory_bytes", "source"}. */
json_t *bench_topology_record(hwloc_topology_t topology);

/* Returns the machine as a tree, a new reference: {"type", "bytes" of caches and memory nodes,
 * "index" of hardware threads and memory nodes, "children"}, depth first, memory nodes before the
 * other children. */
json_t *bench_topology_tree(hwloc_topology_t topology);

#endif
