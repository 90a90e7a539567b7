/* The same again whenever a source file changes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_REBUILD_H
#define NORMA_BENCH_REBUILD_H

#include "arguments.h"

struct norma_rebuild {
    const struct norma_list *files; /* that are looked at */
    const char *build;              /* a command for the shell; NULL: a C compiler's */
    const char *result;             /* what the compiler makes */
    int (*round)(void *context);    /* in a process of its own: what it loads is new */
    void *context;
};

/* Builds and plays a round, now and after every change, until it is interrupted. Returns the exit
 * code. */
int norma_rebuild_run(const struct norma_rebuild *watch);

#endif
