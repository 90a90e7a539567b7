/* One step of a run: a problem with all implementations, or one with a function of its vocabulary,
 * or with a case of a property.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROGRAM_VERIFY_RUN_H
#define VERIFY_PROGRAM_VERIFY_RUN_H

#include "verify/program/run_steps.h"

/* Threads for problem number `index`: 1, 2 and 3 in turn, unless the options say how many. */
int verify_threads(const struct verify_options *options, size_t index);

struct verify_run {
    const struct verify_options *options;
    const struct verify_steps *steps;
    struct verify_guard *guard;  /* NULL: none */
    struct verify_taker taker;   /* gets the cases, in order */
    struct verify_fences fences; /* zero-initialize; verify_fences_release at the end */
};

void verify_run_step(struct verify_run *run, size_t index);

#endif
