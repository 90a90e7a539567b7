/* Kept results: differences to the bit are found, and all NaNs are the same.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/truth/kept_results.h"

#include <criterion/criterion.h>
#include <string.h>

static uint64_t hash_of(const float *values, int64_t count) {
    return verify_hash_elements(verify_hash_start(), NORMA_DTYPE_F32, values, count);
}

static float from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

Test(kept_results, the_hash_depends_on_every_bit_of_every_element) {
    float values[4] = {1.0f, -2.0f, 0.5f, 3.0f};
    const uint64_t before = hash_of(values, 4);
    for (int i = 0; i < 4; i++) {
        for (int bit = 0; bit < 32; bit++) {
            const float kept = values[i];
            uint32_t bits;
            memcpy(&bits, &kept, sizeof bits);
            values[i] = from_bits(bits ^ (UINT32_C(1) << bit));
            cr_expect_neq(hash_of(values, 4), before, "bit %d of element %d", bit, i);
            values[i] = kept;
        }
    }
    cr_expect_eq(hash_of(values, 4), before);
}

Test(kept_results, the_hash_depends_on_order_number_and_the_sign_of_zero) {
    cr_expect_neq(hash_of((const float[]){1, 2}, 2), hash_of((const float[]){2, 1}, 2));
    cr_expect_neq(hash_of((const float[]){0, 0}, 1), hash_of((const float[]){0, 0}, 2));
    cr_expect_neq(hash_of((const float[]){0.0f}, 1), hash_of((const float[]){-0.0f}, 1));
    cr_expect_neq(hash_of(NULL, 0), verify_hash_word(verify_hash_start(), 0));
}

/* The first is Arm's, the second is x86-64's, and the others have other bits. */
Test(kept_results, the_hash_is_the_same_for_all_nans) {
    const uint32_t nans[] = {0x7fc00000, 0xffc00000, 0x7fc00001, 0xff800001};
    for (size_t i = 0; i < sizeof nans / sizeof *nans; i++) {
        const float nan = from_bits(nans[i]), canonical = from_bits(nans[0]);
        cr_expect_eq(hash_of(&nan, 1), hash_of(&canonical, 1), "%x", nans[i]);
    }
    const float infinity = from_bits(0x7f800000), canonical = from_bits(nans[0]);
    cr_expect_neq(hash_of(&infinity, 1), hash_of(&canonical, 1));
}

/* ---- comparisons --------------------------------------------------------------------------- */

static struct norma_problem parse(const char *text) {
    struct norma_problem problem;
    cr_assert_eq(norma_problem_parse(text, &problem, NULL), NORMA_STATUS_OK);
    return problem;
}

Test(kept_results, differ_where_a_bit_differs) {
    const struct norma_problem problem = parse("in:1x1x3:pass=inf");
    float y[3] = {1.0f, 0.0f, from_bits(0x7fc00000)};
    void *pointers[REFERENCE_TENSOR_COUNT] = {[REFERENCE_TENSOR_y] = y};
    struct verify_results results;
    cr_assert(verify_results_keep(&results, &problem, pointers));
    cr_expect(verify_results_equal(&results, &problem, pointers));
    cr_expect_null(verify_results_compare(&results, &problem, pointers).tensor);
    y[2] = from_bits(0xffc00000);
    cr_expect_null(verify_results_compare(&results, &problem, pointers).tensor);
    y[1] = -0.0f;
    const struct verify_difference difference =
        verify_results_compare(&results, &problem, pointers);
    cr_assert_str_eq(difference.tensor, "y");
    cr_expect_eq(difference.index, 1);
    cr_expect_not(verify_results_equal(&results, &problem, pointers));
    verify_results_release(&results);
}

Test(kept_results, differ_where_an_output_is_missing) {
    const struct norma_problem problem = parse("in:1x1x3:pass=inf");
    float y[3] = {1.0f, 2.0f, 3.0f};
    void *pointers[REFERENCE_TENSOR_COUNT] = {[REFERENCE_TENSOR_y] = y};
    struct verify_results results;
    cr_assert(verify_results_keep(&results, &problem, pointers));
    pointers[REFERENCE_TENSOR_y] = NULL;
    cr_expect_not(verify_results_equal(&results, &problem, pointers));
    verify_results_release(&results);
}
