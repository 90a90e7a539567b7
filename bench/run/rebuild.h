/* The same again whenever a source file changes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RUN_REBUILD_H
#define BENCH_RUN_REBUILD_H

#include "verify/harness/tool/tool.h"

struct bench_rebuild {
    const struct tool_list *files; /* that are looked at */
    const char *build;             /* a command for the shell; NULL: a C compiler's */
    const char *result;            /* what the compiler makes */
    int (*round)(void *context);   /* in a process of its own: what it loads is new */
    void *context;
};

/* Builds and plays a round, now and after every change, until it is interrupted. Returns the exit
 * code. */
int bench_rebuild_run(const struct bench_rebuild *watch);

#endif
