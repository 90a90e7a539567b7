/* The processor: its name, its features, and the kernel sets that it can run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_CPU_H
#define BENCH_MACHINE_CPU_H

#include <hwloc.h>
#include <jansson.h>

/* Returns {"name", "name_source", "vendor", "features", "hypervisor"} as a new reference. */
json_t *bench_cpu_record(hwloc_topology_t topology);

/* Adds to such a record "libcpuid_features", all that libcpuid sees, and "disagreements", those on
 * which the record's own features differ; nothing in a build without libcpuid. */
void bench_add_libcpuid_features(json_t *cpu);

/* Returns libcpuid's version, such as "0.6.2"; NULL in a build without libcpuid. */
const char *bench_libcpuid_version(void);

/* Returns [{"name", "features", "available"}] of norma's sets, fastest first, as a new
 * reference. */
json_t *bench_sets_record(void);

#endif
