/* Every implementation of this build: norma with each set that it was compiled with (also those
 * that this CPU lacks), the reference, and oneDNN.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_IMPLEMENTATIONS_H
#define VERIFY_HARNESS_IMPLEMENTATIONS_H

#include "reference/interface/interface.h"

/* Number index, sets first, then onednn*, then reference; NULL beyond the last. */
const struct reference_implementation *verify_implementation(size_t index);

/* By name; NULL if there is none. */
const struct reference_implementation *verify_implementation_find(const char *name);

/* Is it norma with one of its sets? Only that promises bits. A copy with a profile is the same with
 * another tuning. */
bool verify_implementation_is_norma(const struct reference_implementation *implementation);

/* The plan that a state of norma's with one of its sets executes. */
struct norma_plan *verify_implementation_plan(void *state);

/* Can this machine run it? False for a set whose CPU features are missing. */
bool verify_implementation_available(const struct reference_implementation *implementation);

#endif
