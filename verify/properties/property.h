/* A property and the result of checking it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROPERTIES_PROPERTY_H
#define VERIFY_PROPERTIES_PROPERTY_H

#include <norma.h>

struct verify_trial;

enum verify_promise {
    VERIFY_PROMISE_NEAR, /* within a bound that follows from how the implementation accumulates */
    VERIFY_PROMISE_NORMA /* bit for bit, or part of norma's contract; a peer that sums in float
                           promises nothing of the kind, nor do sums by ranks */
};

enum verify_repetition {
    VERIFY_IN_EACH_LAYOUT,
    VERIFY_ONCE /* for a property of both layouts, or of neither */
};

struct verify_property {
    const char *name; /* "gn-of-one-group-is-ln" */
    void (*check)(struct verify_trial *trial, const char *text);
    const char *const
        *cases; /* the texts (shapes, problems) that check is called with, then NULL */
    enum verify_promise promise;
    enum verify_repetition repetition;
};

enum verify_property_outcome {
    VERIFY_PROPERTY_HOLDS,
    VERIFY_PROPERTY_FAILS,
    VERIFY_PROPERTY_SKIPPED
};

struct verify_property_result {
    enum verify_property_outcome outcome;
    int checks;        /* the number of tensors and values that were compared */
    double share;      /* the largest share of a bound that was used; 0 where bits are compared */
    char message[512]; /* fails: problem, index, got, expected; skipped: the reason */
};

/* The type of norma_gate_update, which belongs to the library and not to an implementation. */
typedef norma_status verify_gate_step(float *rho, const float *drho, int64_t channels, double rate,
                                      double multiple);

/* Has the properties check `step` from now on, in the place of norma_gate_update. */
void verify_properties_take_step(verify_gate_step *step);

#endif
