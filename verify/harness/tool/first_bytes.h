/* What the first bytes of a text file tell of it. There is no library for it here, as all that is
 * needed is to skip a mark and to name a command that every system has.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_FIRST_BYTES_H
#define VERIFY_HARNESS_TOOL_FIRST_BYTES_H

#include <stddef.h>

/* Returns the length of the byte order mark with which some editors begin a file; 0: none. */
size_t tool_mark_length(const char *bytes, size_t length);

/* Returns the command that reads a compressed file, "gunzip -c"; NULL: it is not compressed. */
const char *tool_decompressor(const char *bytes, size_t length);

#endif
