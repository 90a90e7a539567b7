/* Sizes for people.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_UNITS_H
#define NORMA_BENCH_UNITS_H

#include <stdint.h>

enum { NORMA_BYTES_TEXT = 32 };

/* "48 KiB", "1.5 MiB". */
void norma_print_bytes(uint64_t bytes, char text[NORMA_BYTES_TEXT]);

#endif
