/* The parameter alpha of unitization and its gradient, for all forms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_DEFINITIONS_UNIT_ALPHA_H
#define REFERENCE_DEFINITIONS_UNIT_ALPHA_H

#include "reference/definitions/problem_view.h"

/* Returns alpha for position s of channel c. A problem of the vanilla form has the default, 1. */
double reference_unit_alpha(const struct reference_view *view, int64_t c, int64_t s);

/* The two sums that dalpha = first + second is made of, and the sum of what each summand moves by,
 * per part of itself that the norm of the sample moves by. */
struct reference_unit_sums {
    struct reference_sum first, second;
    double moved;
};

/* Adds what element (n, c, s) contributes to the sums. */
typedef void reference_unit_add(const struct reference_view *view, int64_t n, int64_t c, int64_t s,
                                struct reference_unit_sums *sums);

/* Stores dalpha, the sums over all samples and over the elements that share an alpha. */
void reference_unit_put_dalpha(const struct reference_view *view, reference_unit_add *add);

#endif
