/* The machine as a tree: packages, caches, cores, hardware threads and memory nodes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_MACHINE_TOPOLOGY_H
#define NORMA_BENCH_MACHINE_TOPOLOGY_H

#include <hwloc.h>
#include <jansson.h>

/* {"type", "bytes" of caches and memory nodes, "index" of hardware threads and memory nodes,
 * "children"}, depth first, memory nodes before the other children; a new reference. */
json_t *norma_topology_tree(hwloc_topology_t topology);

#endif
