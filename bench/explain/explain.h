/* norma-bench explain. This header is for other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_EXPLAIN_EXPLAIN_H
#define BENCH_EXPLAIN_EXPLAIN_H

/* Runs norma-bench explain; argv[0] is the name of the command. Returns an exit code of tool.h. */
int bench_explain(int argc, char **argv);

#endif
