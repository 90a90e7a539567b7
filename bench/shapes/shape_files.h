/* Finds the files of shape sets.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_SHAPES_SHAPE_FILES_H
#define BENCH_SHAPES_SHAPE_FILES_H

#include "verify/harness/tool/tool.h"

#include <stddef.h>

/* Returns the path of a set: name itself if it is "-" or has a '/' or a '.', else NAME.txt in
 * $NORMA_SHAPES, in shapes/ beside the program, or in the installation that the program is part of,
 * whichever has it first. The caller must free it. Returns NULL, with *error, if there is none. */
char *bench_shape_file_find(const char *name, struct tool_message *error);

/* Returns the name of a set by its path: "resnet50" for "/somewhere/resnet50.txt", "stdin" for "-".
 * The caller must free it. */
char *bench_shape_file_set_name(const char *path);

/* Writes the names of all sets in the folders, sorted, with blanks between them. */
void bench_shape_file_names(char *text, size_t size);

#endif
