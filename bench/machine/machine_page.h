/* What is known about a machine, as a page to read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_MACHINE_PAGE_H
#define BENCH_MACHINE_MACHINE_PAGE_H

#include <jansson.h>
#include <stdio.h>

/* Sections of a machine record; what it lacks is left out. */
void bench_page_machine(FILE *out, const json_t *machine);

/* The table of the "compute" records. machine: for operations per cycle. */
void bench_page_compute(FILE *out, const json_t *records, const json_t *machine);

/* A table of the "memory" records for each number of threads. machine: for the caches. */
void bench_page_memory(FILE *out, const json_t *records, const json_t *machine);

#endif
