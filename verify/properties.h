/* Properties: identities between operators, invariances, and theorems, each checked on the results
 * of one implementation alone. They need no truth to compare with, so a mistake that kernels and
 * reference share does not hide from them; of the reference they take the size of the terms, for
 * bounds.
 *
 * A property is one small function and one line in its file's table.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_PROPERTIES_H
#define NORMA_VERIFY_PROPERTIES_H

#include "checks.h"
#include "implementation.h"

struct norma_trial;

/* The number of cases of all properties that are wanted, with so many implementations: one per
 * property, layout, case and implementation. */
size_t norma_properties_count(size_t implementations);

/* ---- one by one --------------------------------------------------------------------------- */

enum norma_promise {
    NORMA_PROMISE_NEAR, /* within a bound that follows from how the implementation accumulates */
    NORMA_PROMISE_NORMA /* bit for bit, or part of norma's contract: nothing that a peer which sums
                           in float promises */
};

enum norma_repetition {
    NORMA_IN_EACH_LAYOUT,
    NORMA_ONCE /* it is about both layouts, or about neither */
};

struct norma_property {
    const char *name; /* "gn-of-one-group-is-ln" */
    void (*check)(struct norma_trial *trial, const char *text);
    const char *const *cases; /* texts (shapes, problems) that check is called with; NULL ends */
    enum norma_promise promise;
    enum norma_repetition repetition;
};

/* Number index; NULL beyond the last. */
const struct norma_property *norma_property(size_t index);

/* The check that property number `index` belongs to. */
enum norma_check_kind norma_property_kind(size_t index);

/* The number of layouts, from channels-first on, that it is to be checked in. */
int norma_property_layouts(const struct norma_property *property);

enum norma_property_outcome { NORMA_PROPERTY_HOLDS, NORMA_PROPERTY_FAILS, NORMA_PROPERTY_SKIPPED };

struct norma_property_result {
    enum norma_property_outcome outcome;
    int checks;        /* tensors and values that were compared */
    double share;      /* the largest share of a bound that was used; 0 where bits are compared */
    char message[512]; /* fails: problem, index, got, expected; skipped: why */
};

struct norma_property_result norma_property_check(const struct norma_property *property,
                                                  const char *text, norma_layout layout,
                                                  const struct norma_implementation *implementation,
                                                  uint64_t seed);

/* The gate's step is the library's, not an implementation's. */
typedef norma_status norma_gate_step(float *rho, const float *drho, int64_t channels, double rate,
                                     double multiple);

/* From now on it is this one, which a mutant has instead of norma_gate_update. */
void norma_properties_take_step(norma_gate_step *step);

#endif
