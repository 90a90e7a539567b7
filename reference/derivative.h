/* Derivatives as they are put together, term by term, with what an error bound needs to know of the
 * terms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_REFERENCE_DERIVATIVE_H
#define NORMA_REFERENCE_DERIVATIVE_H

#include <math.h>

#include "reference.h"

/* A sum over elements, or a function of such sums. */
struct norma_sum {
    double value;
    double absolute; /* where its sums are off by e times the sums of the absolute values of what
                        they sum, it is off by e times this (to first order) */
};

/* A derivative: the members of struct norma_gradient, for one element. */
struct norma_derivative {
    double value, terms, sums;
};

/* sum += term */
static inline void norma_accumulate(struct norma_sum *sum, double term) {
    sum->value += term;
    sum->absolute += fabs(term);
}

/* derivative += term */
static inline void norma_add_term(struct norma_derivative *derivative, double term) {
    derivative->value += term;
    derivative->terms += fabs(term);
}

/* derivative += factor sum */
static inline void norma_add_sum(struct norma_derivative *derivative, double factor,
                                 struct norma_sum sum) {
    norma_add_term(derivative, factor * sum.value);
    derivative->sums += fabs(factor) * sum.absolute;
}

/* Stores entry `index` of a gradient; nothing of what is not wanted. */
void norma_put_gradient(const struct norma_gradient *gradient, int64_t index,
                        struct norma_derivative derivative);

/* The same where the derivative is factor * sum. */
void norma_put_sum(const struct norma_gradient *gradient, int64_t index, double factor,
                   struct norma_sum sum);

#endif
