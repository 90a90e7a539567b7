/* The memory that this process may have.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_MEMORY_LIMIT_H
#define VERIFY_HARNESS_TOOL_MEMORY_LIMIT_H

#include <stdint.h>

/* Returns the bytes of the machine's memory, or of what `ulimit -v` or the limits of control groups
 * (memory.max) leave: those of containers, batch systems and systemd, of the process's own group
 * and all around it. What other processes use is not taken off, as it changes while a program runs.
 * `root` is put before all paths of the system: empty but in tests. */
uint64_t tool_memory_limit(const char *root);

/* Returns where this limit comes from, to stand behind it in a message: "that the machine has",
 * "that ulimit -v leaves", "that a control group leaves". */
const char *tool_memory_limit_origin(const char *root);

#endif
