/* The forms of unitization, one file for each kind, and what they share.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_DEFINITIONS_REFERENCE_UNIT_H
#define REFERENCE_DEFINITIONS_REFERENCE_UNIT_H

#include "reference/definitions/problem_view.h"

/* alpha of position s in channel c. A problem of the vanilla form has the default, 1. */
double reference_unit_alpha(const struct reference_view *view, int64_t c, int64_t s);

/* |x_n|, all channels and positions of sample n, squared. */
double reference_unit_squares(const struct reference_view *view, int64_t n);

/* The two sums that dalpha = first + second is made of: adds what element (n, c, s) contributes. */
struct reference_unit_sums {
    struct reference_sum first, second;
};
typedef void reference_unit_add(const struct reference_view *view, int64_t n, int64_t c, int64_t s,
                                struct reference_unit_sums *sums);

/* Stores dalpha: the sums over all samples and over the elements that share an alpha. */
void reference_unit_put_dalpha(const struct reference_view *view, reference_unit_add *add);

void reference_unit_practical(const struct reference_view *view);
void reference_unit_dividing(const struct reference_view *view); /* vanilla, scalar, vector */
void reference_unit_layer(const struct reference_view *view);
void reference_unit_layer_backward(const struct reference_view *view);

#endif
