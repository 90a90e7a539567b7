/* One step of a run: a problem on all implementations, or a function of the vocabulary or a case of
 * a property on one implementation.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROGRAM_VERIFY_RUN_H
#define VERIFY_PROGRAM_VERIFY_RUN_H

#include "verify/program/run_steps.h"

/* Returns the number of threads for problem number `index`: 1, 2 and 3 in turn on large problems,
 * unless the options give it. */
int verify_threads(const struct verify_options *options, size_t index);

struct verify_run {
    const struct verify_options *options;
    const struct verify_steps *steps;
    struct verify_guard *guard;  /* NULL: none */
    struct verify_taker taker;   /* takes the cases, in order */
    struct verify_fences fences; /* must be zero-initialized, and released at the end */
};

void verify_run_step(struct verify_run *run, size_t index);

#endif
