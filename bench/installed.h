/* Files that belong to the program, found from where it is: what was built or installed may be
 * moved.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_INSTALLED_H
#define NORMA_BENCH_INSTALLED_H

/* The path, to be freed, of what has this path relative to the folder that the program is in. NULL:
 * the system does not tell where that is. */
char *norma_beside_program(const char *relative);

#endif
