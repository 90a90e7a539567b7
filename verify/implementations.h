/* Every implementation of this build: norma with each set that it was compiled with (also those
 * that this CPU lacks), the reference, and oneDNN.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_IMPLEMENTATIONS_H
#define NORMA_VERIFY_IMPLEMENTATIONS_H

#include "implementation.h"

/* Number index, sets first, then onednn*, then reference; NULL beyond the last. */
const struct norma_implementation *norma_implementation(size_t index);

/* By name; NULL if there is none. */
const struct norma_implementation *norma_implementation_find(const char *name);

/* Is it norma with one of its sets? Only that promises bits. A copy with a profile is the same with
 * another tuning. */
bool norma_implementation_is_norma(const struct norma_implementation *implementation);

/* The plan that a state of norma's with one of its sets executes. */
struct norma_plan *norma_implementation_plan(void *state);

/* Can this machine run it? False for a set whose CPU features are missing. */
bool norma_implementation_available(const struct norma_implementation *implementation);

#endif
