/* Opens what a program reads and writes. An output never destroys what is needed: the rules are the
 * same for all programs and all their options.
 *
 * - An output must not be a file that the program reads, under whatever name: links and hard links
 *   are seen through. Nor must two outputs be one file.
 * - An output must not be a file of measurements, which took hours, nor a compressed file, which
 *   may hold some. Other files are written over, as every tool does, because reports are made again
 *   and again under the same name. There is no option to overwrite measurements: to remove the file
 *   is as clear a wish.
 * - A symbolic link is followed, and stays.
 * - What is no regular file (a device, a FIFO) is written through and never replaced.
 * - "-", /dev/stdout and every other name of an open standard stream mean that stream, so that what
 *   a shell appends to is not emptied.
 *
 * None of these functions is thread-safe.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_OUTPUTS_H
#define VERIFY_HARNESS_TOOL_OUTPUTS_H

#include "verify/harness/tool/message.h"

#include <stdio.h>

/* Opens a file for reading, or returns stdin if the path is "-", and notes that it is an input.
 * Returns NULL, with errno. */
FILE *tool_input_open(const char *path);

/* Notes as an input what a library opens. Does nothing for a file that does not exist. */
void tool_input_note(const char *path);

/* Checks whether a path may be an output. Opens and changes nothing, so that all outputs can be
 * checked before the first is opened, and before the work begins. */
bool tool_output_check(const char *path, struct tool_message *error);

/* As tool_output_check, for a file that is appended to, so that measurements may be in it. */
bool tool_output_check_append(const char *path, struct tool_message *error);

/* As tool_output_check, and whether the folder lets tool_output_move replace the file, for work so
 * long that this must not show at its end. */
bool tool_output_check_move(const char *path, struct tool_message *error);

/* Returns the descriptor of the open standard stream that a path means, STDOUT_FILENO or
 * STDERR_FILENO; -1: it is a file or a device of its own. */
int tool_output_stream(const char *path);

/* Opens an output from its start; the caller closes it. Returns NULL, with a message, where
 * tool_output_check would, or where it cannot be written. */
FILE *tool_output_open(const char *path, struct tool_message *error);

/* Moves a complete file to an output, whose permissions stay as they were. Readers see either what
 * was there before or all that is new, unless it is written through. */
bool tool_output_move(const char *from, const char *path, struct tool_message *error);

#endif
