/* Who the processor says it is and what it can do.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_CPU_H
#define BENCH_MACHINE_CPU_H

#include <hwloc.h>
#include <jansson.h>

/* {"name", "name_source", "vendor", "features", "hypervisor"}; a new reference. */
json_t *bench_cpu_record(hwloc_topology_t topology);

/* "0.6.2"; NULL in a build without libcpuid. */
const char *bench_libcpuid_version(void);

#endif
