/* Replaces a file as a whole: readers see either the old text or the new one, and an error loses
 * nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_TUNE_REPLACE_H
#define BENCH_TUNE_REPLACE_H

#include "verify/harness/tool/tool.h"

/* Checks whether the file can be written, before the work begins whose result it will hold. Makes
 * folders of its path that are missing. */
bool bench_replace_prepare(const char *path, struct tool_message *error);

/* Writes the text to a file beside it, which it then renames. Writes to a device directly. */
bool bench_replace_file(const char *path, const char *text, struct tool_message *error);

#endif
