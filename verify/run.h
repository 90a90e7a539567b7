/* One step of a run: a problem with all implementations, or one with a function of its vocabulary,
 * or with a case of a property.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_RUN_H
#define NORMA_VERIFY_RUN_H

#include "steps.h"

/* Threads for problem number `index`: 1, 2 and 3 in turn, unless the options say how many. */
int norma_verify_threads(const struct norma_verify_options *options, size_t index);

struct norma_run {
    const struct norma_verify_options *options;
    const struct norma_steps *steps;
    struct norma_guard *guard;  /* NULL: none */
    struct norma_taker taker;   /* gets the cases, in order */
    struct norma_fences fences; /* zero-initialize; norma_fences_release at the end */
};

void norma_run_step(struct norma_run *run, size_t index);

#endif
