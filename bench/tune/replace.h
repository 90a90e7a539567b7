/* Replaces a file as a whole: readers see either the old text or the new one, and an error loses
 * nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_TUNE_REPLACE_H
#define BENCH_TUNE_REPLACE_H

#include "verify/harness/tool/tool.h"

/* Checks whether the file can be written (tool_output_check_move), before the work begins whose
 * result it will hold. Makes folders of its path that are missing. */
bool bench_replace_prepare(const char *path, struct tool_message *error);

/* Writes the text to a temporary file, and moves that (tool_output_move). */
bool bench_replace_file(const char *path, const char *text, struct tool_message *error);

/* Renames the file, or that which a link leads to, so that its name is free and its text is kept:
 * it gets ".broken" behind its name, or ".broken.2" and so on where that is taken. The caller frees
 * *kept, the new name. Returns false, with *error, if it cannot be renamed. */
bool bench_replace_set_aside(const char *path, char **kept, struct tool_message *error);

#endif
