/* The control groups of Linux that this process is in: its own and all around it, each of which may
 * limit it, as containers, batch systems and systemd do.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_CONTROL_GROUPS_H
#define VERIFY_HARNESS_TOOL_CONTROL_GROUPS_H

/* Is called with the folder of a group, and the version of its hierarchy: 1 or 2. */
typedef void tool_group_visit(void *context, const char *folder, int version);

/* Visits the groups of both versions which may have this controller ("cpu", "memory"), from the
 * process's own to the outermost that is mounted. Visits none where the system does not tell.
 * `root` is put before all paths of the system: empty but in tests. */
void tool_control_groups_visit(const char *root, const char *controller, tool_group_visit *visit,
                               void *context);

/* Reads at most two numbers from the file "/name" of a group. Returns how many there are; 0 also
 * where there is no such file, or it says "max". */
int tool_control_group_numbers(const char *folder, const char *name, double numbers[2]);

#endif
