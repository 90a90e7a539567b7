/* The update of bin's gate.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>

#include <norma.h>

/* Returns one gate after one step. */
static float after(float rho, float drho, double rate, double multiple) {
    cr_assert(norma_gate_update(&rho, &drho, 1, rate, multiple) == NORMA_STATUS_OK);
    return rho;
}

Test(gate, goes_down_the_gradient_by_multiple_times_rate) {
    cr_assert(after(0.5f, 1.0f, 0.125, 1.0) == 0.375f);
    cr_assert(after(0.5f, -1.0f, 0.125, 1.0) == 0.625f);
    cr_assert(after(0.5f, 0.25f, 0.125, 4.0) == 0.375f);
    cr_assert(after(0.5f, 0.25f, 0.0625, NORMA_GATE_RATE_MULTIPLE) == 0.34375f);
    cr_assert(after(0.5f, 3.0f, 0.0, 10.0) == 0.5f);
    cr_assert(after(0.5f, 0.0f, 0.1, 10.0) == 0.5f);
}

Test(gate, is_stepped_in_double_and_rounded_once) {
    for (int i = 0; i < 1000; i++) {
        const float rho = (float)i / 1000.0f, drho = 0.7f * rho - 0.3f;
        const double exact = (double)rho - 10.0 * 0.01 * (double)drho;
        cr_assert(after(rho, drho, 0.01, 10.0) == (float)exact, "%d", i);
    }
}

Test(gate, is_clipped_to_0_to_1) {
    cr_assert(after(1.0f, -1.0f, 0.5, 1.0) == 1.0f);
    cr_assert(after(0.0f, 1.0f, 0.5, 1.0) == 0.0f);
    cr_assert(after(0.5f, 1.0f, 0.5, 1.0) == 0.0f);
    cr_assert(after(0.5f, -1.0f, 0.5, 1.0) == 1.0f);
    cr_assert(after(0.5f, 1e30f, 1e30, 10.0) == 0.0f);
    cr_assert(after(0.5f, INFINITY, 0.1, 10.0) == 0.0f);
    cr_assert(after(0.5f, -INFINITY, 0.1, 10.0) == 1.0f);
}

Test(gate, outside_of_0_to_1_is_brought_back) {
    cr_assert(after(-3.0f, 0.0f, 0.1, 10.0) == 0.0f);
    cr_assert(after(3.0f, 0.0f, 0.1, 10.0) == 1.0f);
}

Test(gate, that_is_nan_stays_nan) {
    cr_assert(isnan(after(NAN, 0.5f, 0.1, 10.0)));
    cr_assert(isnan(after(0.5f, NAN, 0.1, 10.0)));
    cr_assert(isnan(after(0.5f, INFINITY, 0.0, 10.0)), "0 times infinity");
}

Test(gate, of_every_channel_and_no_other_is_updated) {
    float rho[4] = {0.25f, 0.5f, 0.75f, 0.5f};
    const float drho[4] = {-0.25f, 0.25f, 0.5f, 0.25f};
    cr_assert(norma_gate_update(rho, drho, 3, 0.5, 1.0) == NORMA_STATUS_OK);
    cr_assert(rho[0] == 0.375f && rho[1] == 0.375f && rho[2] == 0.5f && rho[3] == 0.5f);
    cr_assert(norma_gate_update(rho, drho, 0, 0.5, 1.0) == NORMA_STATUS_OK);
    cr_assert(rho[0] == 0.375f);
}

Test(gate, that_is_null_is_refused) {
    float rho = 0.5f;
    cr_assert(norma_gate_update(NULL, &rho, 1, 0.1, 10.0) == NORMA_STATUS_NULL);
    cr_assert(norma_gate_update(&rho, NULL, 1, 0.1, 10.0) == NORMA_STATUS_NULL);
    cr_assert(rho == 0.5f);
}
