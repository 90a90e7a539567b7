/* Replaces a file as a whole: readers see what was there or what is there then, and an error loses
 * nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_TUNE_REPLACE_H
#define BENCH_TUNE_REPLACE_H

#include "verify/harness/tool/tool.h"

/* Could the file be written? Makes what is missing of its folder. Asked ahead of the work whose
 * result is to go there. */
bool bench_replace_prepare(const char *path, struct tool_message *error);

/* Writes the text beside the file and renames it; a device is written to as it is. */
bool bench_replace_file(const char *path, const char *text, struct tool_message *error);

#endif
