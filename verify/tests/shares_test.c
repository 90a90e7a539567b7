/* The median share of the bound.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/truth/shares.h"

#include <criterion/criterion.h>
#include <math.h>

Test(shares, have_the_median_of_elements_that_are_not_exact) {
    struct verify_shares shares = {{0}};
    for (int i = 0; i < 100; i++) {
        verify_shares_add(&shares, 0.0);
    }
    cr_expect_eq(verify_shares_median(&shares), 0.0);
    verify_shares_add(&shares, 0.25);
    verify_shares_add(&shares, 0.75);
    verify_shares_add(&shares, 0.5);
    cr_expect_float_eq(verify_shares_median(&shares), 0.5, 1.0 / VERIFY_SHARE_STEPS);
    verify_shares_add(&shares, 0.26);
    verify_shares_add(&shares, 0.27);
    cr_expect_float_eq(verify_shares_median(&shares), 0.27, 1.0 / VERIFY_SHARE_STEPS);
}

Test(shares, that_are_small_differ_from_none) {
    struct verify_shares shares = {{0}};
    verify_shares_add(&shares, 1e-9);
    cr_expect_gt(verify_shares_median(&shares), 0.0);
    cr_expect_lt(verify_shares_median(&shares), VERIFY_LEAST_MEDIAN_SHARE);
}

Test(shares, beyond_the_bound_count_as_all_of_it) {
    struct verify_shares shares = {{0}};
    verify_shares_add(&shares, 1.0);
    verify_shares_add(&shares, 1e300);
    verify_shares_add(&shares, (double)INFINITY);
    cr_expect_gt(verify_shares_median(&shares), 0.99);
}
