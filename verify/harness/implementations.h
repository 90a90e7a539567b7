/* Every implementation of this build: norma with each set that it was compiled with (including
 * those that this CPU lacks), the peers, the reference, and norma in stages.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_IMPLEMENTATIONS_H
#define VERIFY_HARNESS_IMPLEMENTATIONS_H

#include "reference/interface/interface.h"

/* Returns implementation number `index`; sets come first, then peers, then the reference,
 * then norma in stages. NULL beyond the last. */
const struct reference_implementation *verify_implementation(size_t index);

/* Returns the implementation of a name; NULL if there is none. */
const struct reference_implementation *verify_implementation_find(const char *name);

/* Returns the first implementation from number *index on whose name matches a pattern as shells
 * have them ("onednn*"), and moves *index behind it; NULL if none is left. A name is a pattern that
 * matches itself. */
const struct reference_implementation *verify_implementation_match(const char *pattern,
                                                                   size_t *index);

/* Checks whether an implementation is norma with one of its sets, executed as a whole. A copy with
 * a profile is such a one with another tuning. (All that is of REFERENCE_KIND_NORMA promises that
 * the same inputs give the same bits, norma in stages as well.) */
bool verify_implementation_is_norma(const struct reference_implementation *implementation);

/* Makes *tuned a copy of an implementation whose plans take a profile, which must live as long as
 * they do. Returns false for all but norma's sets, which alone have profiles. */
bool verify_implementation_tune(const struct reference_implementation *implementation,
                                const struct norma_profile *profile,
                                struct reference_implementation *tuned);

/* Returns the plan of a state that norma created with one of its sets. */
struct norma_plan *verify_implementation_plan(void *state);

/* Checks whether this machine can run an implementation; it cannot run a set whose CPU features are
 * missing. */
bool verify_implementation_available(const struct reference_implementation *implementation);

/* Returns the name of number `index` of those that can run here, NULL beyond the last: the values
 * of an option (tool_option). */
const char *verify_implementation_available_name(int index);

/* Returns the fastest of norma's sets that this machine can run. There always is one, as portable
 * needs no features. */
const struct reference_implementation *verify_fastest_set(void);

#endif
