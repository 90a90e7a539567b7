/* Sizes for people.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_UNITS_H
#define BENCH_MACHINE_UNITS_H

#include <stdint.h>

enum { BENCH_BYTES_TEXT = 32 };

/* "48 KiB", "1.5 MiB". */
void bench_print_bytes(uint64_t bytes, char text[BENCH_BYTES_TEXT]);

#endif
