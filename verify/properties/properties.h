/* Properties: identities between operators, invariances, and theorems, each checked on the results
 * of one implementation alone. They need no truth to compare with, so a mistake that kernels and
 * reference share does not hide from them; of the reference they take the size of the terms, for
 * bounds.
 *
 * A property is one small function and one line in its file's table.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROPERTIES_PROPERTIES_H
#define VERIFY_PROPERTIES_PROPERTIES_H

#include "reference/interface/interface.h"
#include "verify/truth/truth.h"

struct verify_trial;

/* The number of cases of all properties that are wanted, with so many implementations: one per
 * property, layout, case and implementation. */
size_t verify_properties_count(size_t implementations);

/* ---- one by one --------------------------------------------------------------------------- */

enum verify_promise {
    VERIFY_PROMISE_NEAR, /* within a bound that follows from how the implementation accumulates */
    VERIFY_PROMISE_NORMA /* bit for bit, or part of norma's contract: nothing that a peer which sums
                           in float promises */
};

enum verify_repetition {
    VERIFY_IN_EACH_LAYOUT,
    VERIFY_ONCE /* it is about both layouts, or about neither */
};

struct verify_property {
    const char *name; /* "gn-of-one-group-is-ln" */
    void (*check)(struct verify_trial *trial, const char *text);
    const char *const *cases; /* texts (shapes, problems) that check is called with; NULL ends */
    enum verify_promise promise;
    enum verify_repetition repetition;
};

/* Number index; NULL beyond the last. */
const struct verify_property *verify_property(size_t index);

/* The check that property number `index` belongs to. */
enum verify_check_kind verify_property_kind(size_t index);

/* The number of layouts, from channels-first on, that it is to be checked in. */
int verify_property_layouts(const struct verify_property *property);

enum verify_property_outcome {
    VERIFY_PROPERTY_HOLDS,
    VERIFY_PROPERTY_FAILS,
    VERIFY_PROPERTY_SKIPPED
};

struct verify_property_result {
    enum verify_property_outcome outcome;
    int checks;        /* tensors and values that were compared */
    double share;      /* the largest share of a bound that was used; 0 where bits are compared */
    char message[512]; /* fails: problem, index, got, expected; skipped: why */
};

struct verify_property_result
verify_property_check(const struct verify_property *property, const char *text, norma_layout layout,
                      const struct reference_implementation *implementation, uint64_t seed);

/* The gate's step is the library's, not an implementation's. */
typedef norma_status verify_gate_step(float *rho, const float *drho, int64_t channels, double rate,
                                      double multiple);

/* From now on it is this one, which a mutant has instead of norma_gate_update. */
void verify_properties_take_step(verify_gate_step *step);

#endif
