/* All that is known about a machine, as a page of text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_MACHINE_PAGE_H
#define BENCH_MACHINE_MACHINE_PAGE_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

/* Writes the sections of a machine record. Sections and lines that it has no data for are left
 * out. */
void bench_page_machine(FILE *out, const json_t *machine);

/* Writes the table of the "compute" records; operations per cycle need the clock rate of
 * `machine`. */
void bench_page_compute(FILE *out, const json_t *records, const json_t *machine);

/* Writes a table of the "memory" records for each number of threads; `machine` has the caches. */
void bench_page_memory(FILE *out, const json_t *records, const json_t *machine);

/* Writes a size such as "48 KiB" or "1.5 MiB". */
enum { BENCH_BYTES_TEXT = 32 };
void bench_print_bytes(uint64_t bytes, char text[BENCH_BYTES_TEXT]);

#endif
