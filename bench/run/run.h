/* norma-bench run, and the verification of contenders before they are timed. This header is for
 * other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RUN_RUN_H
#define BENCH_RUN_RUN_H

#include "bench/run/verification.h"

/* Runs norma-bench run; argv[0] is the name of the command. Returns an exit code of tool.h. */
int bench_run(int argc, char **argv);

#endif
