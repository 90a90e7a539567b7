/* The machine record: the machine, the system and the build that the figures of a run are for.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_MACHINE_RECORD_H
#define BENCH_MACHINE_MACHINE_RECORD_H

#include "bench/measure/measure.h"

#include <hwloc.h>
#include <jansson.h>

/* Returns the record as a new reference. */
json_t *bench_machine_record(hwloc_topology_t topology);

/* Adds how the program was called, the profile in use, and to which hardware threads the threads of
 * a team are bound, in their order. */
void bench_machine_add_run(json_t *record, int argc, char **argv, uint64_t seed,
                           const struct bench_cpu_binding *binding);

/* Reads the first line of a small file of the system; empty if it cannot be read. */
void bench_first_line(const char *path, char *line, size_t size);

/* Writes when the kernel uses transparent huge pages, such as "madvise"; "unknown" if it does not
 * tell. */
void bench_huge_pages(char *text, size_t size);
/* Writes the name of the frequency governor; "unknown" if there is none. */
void bench_governor(char *text, size_t size);

#endif
