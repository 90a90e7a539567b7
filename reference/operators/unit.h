/* The forms of unitization, one file for each kind, and what they share.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_REFERENCE_UNIT_H
#define NORMA_REFERENCE_UNIT_H

#include "operators.h"

/* alpha of position s in channel c. A problem of the vanilla form has the default, 1. */
double norma_unit_alpha(const struct norma_view *view, int64_t c, int64_t s);

/* |x_n|, all channels and positions of sample n, squared. */
double norma_unit_squares(const struct norma_view *view, int64_t n);

/* The two sums that dalpha = first + second is made of: adds what element (n, c, s) contributes. */
struct norma_unit_sums {
    struct norma_sum first, second;
};
typedef void norma_unit_add(const struct norma_view *view, int64_t n, int64_t c, int64_t s,
                            struct norma_unit_sums *sums);

/* Stores dalpha: the sums over all samples and over the elements that share an alpha. */
void norma_unit_put_dalpha(const struct norma_view *view, norma_unit_add *add);

void norma_unit_practical(const struct norma_view *view);
void norma_unit_dividing(const struct norma_view *view); /* vanilla, scalar, vector */
void norma_unit_layer(const struct norma_view *view);
void norma_unit_layer_backward(const struct norma_view *view);

#endif
