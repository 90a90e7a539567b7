/* Derivatives as they are put together, term by term, with what an error bound needs to know of the
 * terms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_DEFINITIONS_DERIVATIVE_H
#define REFERENCE_DEFINITIONS_DERIVATIVE_H

#include <math.h>

#include "reference/interface/interface.h"

/* A sum over elements, or a function of such sums. */
struct reference_sum {
    double value;
    double absolute; /* where its sums are off by e times the sums of the absolute values of what
                        they sum, it is off by e times this (to first order) */
};

/* A derivative: the members of struct reference_gradient, for one element. */
struct reference_derivative {
    double value, terms, sums;
};

/* sum += term */
static inline void reference_accumulate(struct reference_sum *sum, double term) {
    sum->value += term;
    sum->absolute += fabs(term);
}

/* derivative += term */
static inline void reference_add_term(struct reference_derivative *derivative, double term) {
    derivative->value += term;
    derivative->terms += fabs(term);
}

/* derivative += factor sum */
static inline void reference_add_sum(struct reference_derivative *derivative, double factor,
                                     struct reference_sum sum) {
    reference_add_term(derivative, factor * sum.value);
    derivative->sums += fabs(factor) * sum.absolute;
}

/* Stores entry `index` of a gradient; nothing of what is not wanted. */
void reference_put_gradient(const struct reference_gradient *gradient, int64_t index,
                            struct reference_derivative derivative);

/* The same where the derivative is factor * sum. */
void reference_put_sum(const struct reference_gradient *gradient, int64_t index, double factor,
                       struct reference_sum sum);

#endif
