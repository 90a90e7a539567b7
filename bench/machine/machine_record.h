/* The machine record: what the figures of a run were measured on, and with what.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_MACHINE_RECORD_H
#define BENCH_MACHINE_MACHINE_RECORD_H

#include <hwloc.h>
#include <jansson.h>

/* A new reference. */
json_t *bench_machine_record(hwloc_topology_t topology);

/* How the program was called, and with what profile. */
void bench_machine_add_run(json_t *record, int argc, char **argv, uint64_t seed);

uint64_t bench_memory_bytes(void);

/* The first line of a small file of the system; empty where it cannot be read. */
void bench_first_line(const char *path, char *line, size_t size);

/* The word in brackets of the kernel's choice of huge pages, the frequency governor: "unknown"
 * where there is none. */
void bench_huge_pages(char *text, size_t size);
void bench_governor(char *text, size_t size);

#endif
