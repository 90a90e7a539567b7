/* Backward: the sums and the affine of two inputs have the same bits in every set, and are right.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/sets/tests/available_sets.h"

#include <criterion/criterion.h>
#include <math.h>

static float x[ALL], dy[ALL], y[ALL], dx[2][ALL + 32], dresidual[2][ALL];
static uint8_t labels[LONGEST];
static const float centre[SPANS] = {99.5f, 103.0f, -7.0f};

static void setup(void) {
    fill(x, ALL, 100.0f, 1);
    fill(dy, ALL, 0.01f, 2);
    fill(y, ALL, 0.0f, 3);
    y[0] = 0.0f;
    y[1] = -0.0f;
    y[2] = NAN;
    fill_labels(labels, LONGEST);
}

/* Returns dy where it counts, else 0. */
static float counted(int64_t i, int64_t length, bool gated, bool selected) {
    const bool closed = gated && y[i] <= 0.0f;
    return closed || (selected && labels[i % length] != 1) ? 0.0f : dy[i];
}

static void expect_sums(int64_t length, bool gated, bool selected, bool in_double,
                        const double *dy_sum, const double *product) {
    const long double roundoff = in_double ? 0x1p-46L : 0x1p-24L;
    for (int64_t r = 0; r < SPANS; r++) {
        long double sum = 0, sum_product = 0, scale = 0, product_scale = 0;
        for (int64_t i = r * length; i < (r + 1) * length; i++) {
            const long double value = counted(i, length, gated, selected);
            sum += value;
            const long double both = value * ((long double)x[i] - centre[r]);
            sum_product += both;
            scale += fabsl(value);
            product_scale += fabsl(both);
        }
        cr_assert(fabsl(dy_sum[r] - sum) <= 4 * roundoff * scale, "length %lld", (long long)length);
        cr_assert(fabsl(product[r] - sum_product) <= 6 * roundoff * product_scale, "length %lld",
                  (long long)length);
    }
}

TestSuite(gradient, .init = setup);

Test(gradient, sums_have_the_same_bits_and_are_right) {
    const struct norma_selection selection = {.labels = labels, .label = 1};
    for (size_t l = 0; l < LENGTHS; l++) {
        for (int kind = 0; kind < 8; kind++) {
            const bool gated = kind & 1, selected = kind & 2, in_double = kind & 4;
            double sums[2][2][SPANS];
            struct norma_gradient_sums work = {.x = x,
                                               .dy = dy,
                                               .y = gated ? y : NULL,
                                               .length = lengths[l],
                                               .spans = SPANS,
                                               .centre = centre,
                                               .selection = selected ? &selection : NULL,
                                               .dy_sum = sums[0][0],
                                               .product = sums[0][1],
                                               .in_double = in_double};
            portable()->gradient_sums(&work);
            expect_sums(lengths[l], gated, selected, in_double, sums[0][0], sums[0][1]);
            work.dy_sum = sums[1][0];
            work.product = sums[1][1];
            FOR_EACH_SET(set) {
                set->gradient_sums(&work);
                cr_assert(memcmp(sums[0], sums[1], sizeof sums[0]) == 0, "%s, length %lld, %d",
                          set->name, (long long)lengths[l], kind);
            }
        }
    }
}

Test(gradient, an_infinity_outside_of_the_selection_is_not_seen) {
    const struct norma_selection selection = {.labels = labels, .label = 1};
    x[0] = INFINITY;
    dy[3] = NAN;
    cr_assert(labels[0] != 1 && labels[3] != 1);
    FOR_EACH_SET(set) {
        double dy_sum, product;
        set->gradient_sums(&(struct norma_gradient_sums){.x = x,
                                                         .dy = dy,
                                                         .length = 37,
                                                         .spans = 1,
                                                         .centre = centre,
                                                         .selection = &selection,
                                                         .dy_sum = &dy_sum,
                                                         .product = &product});
        cr_assert(isfinite(dy_sum) && isfinite(product), "%s", set->name);
    }
}

static const float dy_scale[SPANS] = {1.5f, -0.3f, 2.0f};
static const float x_scale[SPANS] = {0.01f, 7.0f, -1.0f};
static const float constant[SPANS] = {3.0f, -1.0f, 0.0f};

static float affine(int64_t i, int64_t length, bool gated, bool with_x) {
    const int64_t r = i / length;
    const float value = counted(i, length, gated, false);
    return with_x ? fmaf(value, dy_scale[r], fmaf(x[i] - centre[r], x_scale[r], constant[r]))
                  : value * dy_scale[r];
}

static struct norma_gradient_apply work_on(float *out, int64_t length, bool gated, bool with_x) {
    return (struct norma_gradient_apply){.x = with_x ? x : NULL,
                                         .dy = dy,
                                         .y = gated ? y : NULL,
                                         .dx = out,
                                         .length = length,
                                         .spans = SPANS,
                                         .centre = centre,
                                         .dy_scale = dy_scale,
                                         .x_scale = x_scale,
                                         .constant = constant};
}

Test(gradient, apply_is_right_in_every_kind) {
    for (size_t l = 0; l < LENGTHS; l++) {
        for (int kind = 0; kind < 16; kind++) {
            const bool gated = kind & 1, with_x = kind & 2, nontemporal = kind & 4, own = kind & 8;
            FOR_EACH_SET(set) {
                float *const out = dx[0] + (nontemporal ? 3 : 0);
                struct norma_gradient_apply work = work_on(out, lengths[l], gated, with_x);
                work.nontemporal = nontemporal;
                work.dresidual = gated ? dresidual[0] : NULL;
                if (own) {
                    memcpy(out, dy, sizeof dy);
                    work.dy = out;
                }
                set->gradient_apply(&work);
                for (int64_t i = 0; i < SPANS * lengths[l]; i++) {
                    cr_assert(out[i] == affine(i, lengths[l], gated, with_x),
                              "%s, length %lld, kind %d, %lld", set->name, (long long)lengths[l],
                              kind, (long long)i);
                    cr_assert(!gated || dresidual[0][i] == counted(i, lengths[l], true, false));
                }
            }
        }
    }
}

Test(gradient, apply_writes_a_selection_and_leaves_the_others) {
    const struct norma_selection selection = {.labels = labels, .label = 1};
    for (size_t l = 0; l < LENGTHS; l++) {
        FOR_EACH_SET(set) {
            struct norma_gradient_apply work = work_on(dx[0], lengths[l], true, true);
            memcpy(dx[0], dy, sizeof dy);
            work.dy = dx[0];
            work.selection = &selection;
            work.others = dx[0];
            set->gradient_apply(&work);
            for (int64_t i = 0; i < SPANS * lengths[l]; i++) {
                const bool chosen = labels[i % lengths[l]] == 1;
                cr_assert(dx[0][i] == (chosen ? affine(i, lengths[l], true, true) : dy[i]),
                          "%s, length %lld, %lld", set->name, (long long)lengths[l], (long long)i);
            }
        }
    }
}
