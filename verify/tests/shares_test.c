/* The median share of the bound.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "shares.h"

#include <criterion/criterion.h>
#include <math.h>

Test(shares, have_the_median_of_what_is_not_exact) {
    struct norma_shares shares = {{0}};
    for (int i = 0; i < 100; i++) {
        norma_shares_add(&shares, 0.0);
    }
    cr_expect_eq(norma_shares_median(&shares), 0.0);
    norma_shares_add(&shares, 0.25);
    norma_shares_add(&shares, 0.75);
    norma_shares_add(&shares, 0.5);
    cr_expect_float_eq(norma_shares_median(&shares), 0.5, 1.0 / NORMA_SHARE_STEPS);
    norma_shares_add(&shares, 0.26);
    norma_shares_add(&shares, 0.27);
    cr_expect_float_eq(norma_shares_median(&shares), 0.27, 1.0 / NORMA_SHARE_STEPS);
}

Test(shares, of_a_small_part_of_the_bound_are_told_from_none) {
    struct norma_shares shares = {{0}};
    norma_shares_add(&shares, 1e-9);
    cr_expect_gt(norma_shares_median(&shares), 0.0);
    cr_expect_lt(norma_shares_median(&shares), NORMA_LEAST_MEDIAN_SHARE);
}

Test(shares, beyond_the_bound_are_all_of_it) {
    struct norma_shares shares = {{0}};
    norma_shares_add(&shares, 1.0);
    norma_shares_add(&shares, 1e300);
    norma_shares_add(&shares, (double)INFINITY);
    cr_expect_gt(norma_shares_median(&shares), 0.99);
}
