/* norma-bench tune, and the problems that it tunes for. This header is for other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_TUNE_TUNE_H
#define BENCH_TUNE_TUNE_H

#include "bench/tune/tuned_problems.h"

/* Runs norma-bench tune; argv[0] is the name of the command. Returns an exit code of tool.h. */
int bench_tune(int argc, char **argv);

#endif
