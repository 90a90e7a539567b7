/* Files that belong to the program, found from where it is: what was built or installed may be
 * moved.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_INSTALLED_H
#define VERIFY_HARNESS_TOOL_INSTALLED_H

/* The path, to be freed, of what has this path relative to the folder that the program is in. NULL:
 * the system does not tell where that is. */
char *tool_beside_program(const char *relative);

#endif
