/* The memory that this process may have.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_MEMORY_LIMIT_H
#define VERIFY_HARNESS_TOOL_MEMORY_LIMIT_H

#include <stdint.h>

/* Returns the bytes of the machine's memory, or of what `ulimit -v` or the limit of a container
 * leaves. What other processes use is not taken off, as it changes while a program runs. The limit
 * of a container is that of the control group at `groups`, which is /sys/fs/cgroup there; what a
 * group further down may have is not looked for. */
uint64_t tool_memory_limit(const char *groups);

#define TOOL_CONTROL_GROUPS "/sys/fs/cgroup"

#endif
