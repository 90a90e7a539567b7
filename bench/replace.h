/* Replaces a file as a whole: readers see what was there or what is there then, and an error loses
 * nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_REPLACE_H
#define NORMA_BENCH_REPLACE_H

#include "message.h"

/* Could the file be written? Makes what is missing of its folder. Asked ahead of the work whose
 * result is to go there. */
bool norma_replace_prepare(const char *path, struct norma_message *error);

/* Writes the text beside the file and renames it; a device is written to as it is. */
bool norma_replace_file(const char *path, const char *text, struct norma_message *error);

#endif
