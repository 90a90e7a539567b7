/* norma-bench compare. This header is for other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_COMPARE_COMPARE_H
#define BENCH_COMPARE_COMPARE_H

/* Runs norma-bench compare; argv[0] is the name of the command. Returns an exit code of tool.h. */
int bench_compare(int argc, char **argv);

#endif
