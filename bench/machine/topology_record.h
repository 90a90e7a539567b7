/* The machine as a tree: packages, caches, cores, hardware threads and memory nodes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_TOPOLOGY_RECORD_H
#define BENCH_MACHINE_TOPOLOGY_RECORD_H

#include <hwloc.h>
#include <jansson.h>

/* {"type", "bytes" of caches and memory nodes, "index" of hardware threads and memory nodes,
 * "children"}, depth first, memory nodes before the other children; a new reference. */
json_t *bench_topology_tree(hwloc_topology_t topology);

#endif
