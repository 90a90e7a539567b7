/* Repeats building and measuring whenever a source file changes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RUN_REBUILD_H
#define BENCH_RUN_REBUILD_H

#include "verify/harness/tool/tool.h"

struct bench_rebuild {
    const struct tool_list *files; /* the files that are watched */
    const char *build;             /* a command for the shell; NULL: the C compiler is run */
    const char *result;            /* the file that the compiler writes */
    int (*round)(void *context);   /* called in a process of its own, so that it loads anew */
    void *context;
};

/* Builds and calls round, now and after every change, until it is interrupted. Returns the exit
 * code. */
int bench_rebuild_run(const struct bench_rebuild *rebuild);

#endif
