/* Spans shorter than a vector: many at once have the same bits as each by itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/sets/tests/available_sets.h"

#include <criterion/criterion.h>
#include <math.h>

/* Twice as many as are taken together at most, and some that are left. */
enum { MANY = 2 * NORMA_LANES * NORMA_LANES + 5, MOST = MANY * NORMA_LANES };

static float x[MOST], dy[MOST], y[MOST], together[MOST], alone[MOST];
static float first[MANY], second[MANY], third[MANY], fourth[MANY];

static void setup(void) {
    fill(x, MOST, 1.0f, 1);
    fill(dy, MOST, 0.01f, 2);
    fill(y, MOST, 0.0f, 3);
    fill(first, MANY, 1.0f, 4);
    fill(second, MANY, 0.0f, 5);
    fill(third, MANY, 0.0f, 6);
    fill(fourth, MANY, 0.0f, 7);
    x[0] = dy[0] = -0.0f;
    for (int i = 100; i < 200; i++) { /* far from 0, so that their moments are taken again */
        x[i] += 1e6f;
    }
}

TestSuite(short_spans, .init = setup);

Test(short_spans, have_the_moments_of_each_by_itself) {
    static double mean[2][MANY], m2[2][MANY];
    for (int64_t length = 1; length < NORMA_LANES; length++) {
        FOR_EACH_SET(set) {
            set->moments(x, length, MANY, NULL, mean[0], m2[0]);
            for (int64_t r = 0; r < MANY; r++) {
                set->moments(x + r * length, length, 1, NULL, &mean[1][r], &m2[1][r]);
            }
            cr_assert(memcmp(mean[0], mean[1], sizeof mean[0]) == 0, "%s mean, length %lld",
                      set->name, (long long)length);
            cr_assert(memcmp(m2[0], m2[1], sizeof m2[0]) == 0, "%s m2, length %lld", set->name,
                      (long long)length);
        }
    }
}

/* Returns the sums of `spans` spans from number r on. */
static struct norma_gradient_sums sums_from(int64_t r, int64_t length, int64_t spans, int kind,
                                            double *dy_sum, double *product) {
    return (struct norma_gradient_sums){.x = x + r * length,
                                        .dy = dy + r * length,
                                        .y = kind & 1 ? y + r * length : NULL,
                                        .length = length,
                                        .spans = spans,
                                        .centre = first + r,
                                        .dy_sum = dy_sum,
                                        .product = product,
                                        .in_double = kind & 2};
}

Test(short_spans, have_the_sums_of_each_by_itself) {
    static double sums[2][MANY], products[2][MANY];
    for (int64_t length = 1; length < NORMA_LANES; length++) {
        for (int kind = 0; kind < 4; kind++) {
            FOR_EACH_SET(set) {
                struct norma_gradient_sums work =
                    sums_from(0, length, MANY, kind, sums[0], products[0]);
                set->gradient_sums(&work);
                for (int64_t r = 0; r < MANY; r++) {
                    work = sums_from(r, length, 1, kind, &sums[1][r], &products[1][r]);
                    set->gradient_sums(&work);
                }
                cr_assert(memcmp(sums[0], sums[1], sizeof sums[0]) == 0, "%s, length %lld, %d",
                          set->name, (long long)length, kind);
                cr_assert(memcmp(products[0], products[1], sizeof products[0]) == 0,
                          "%s, length %lld, %d", set->name, (long long)length, kind);
            }
        }
    }
}

/* Absent lanes are 0, which an infinite centre makes NaN. */
Test(short_spans, have_no_product_where_the_centre_is_infinite) {
    static double sum[MANY], product[MANY];
    first[3] = first[MANY - 1] = INFINITY;
    for (int64_t length = 1; length < NORMA_LANES; length++) {
        for (int kind = 0; kind < 4; kind++) {
            FOR_EACH_SET(set) {
                const struct norma_gradient_sums work =
                    sums_from(0, length, MANY, kind, sum, product);
                set->gradient_sums(&work);
                cr_assert(isnan(product[3]) && isnan(product[MANY - 1]), "%s, length %lld, %d",
                          set->name, (long long)length, kind);
                cr_assert(isfinite(product[2]), "%s, length %lld", set->name, (long long)length);
            }
        }
    }
}

/* Bits of `kind`: the results are stored past the caches, there is a ReLU, and a residual. */
static struct norma_apply apply_from(float *out, int64_t r, int64_t length, int64_t spans,
                                     int kind) {
    return (struct norma_apply){.nontemporal = kind & 1,
                                .relu = kind & 6,
                                .residual = kind & 4 ? dy + r * length : NULL,
                                .x = x + r * length,
                                .y = out + r * length,
                                .length = length,
                                .spans = spans,
                                .centre = first + r,
                                .scale = second + r,
                                .shift = third + r};
}

Test(short_spans, are_applied_as_each_by_itself) {
    for (int64_t length = 1; length < NORMA_LANES; length++) {
        for (int kind = 0; kind < 8; kind++) {
            FOR_EACH_SET(set) {
                struct norma_apply work = apply_from(together, 0, length, MANY, kind);
                set->apply(&work);
                for (int64_t r = 0; r < MANY; r++) {
                    work = apply_from(alone, r, length, 1, kind & ~1);
                    set->apply(&work);
                }
                cr_assert(memcmp(together, alone, (size_t)(MANY * length) * sizeof *alone) == 0,
                          "%s, length %lld, kind %d", set->name, (long long)length, kind);
            }
        }
    }
}

static struct norma_gradient_apply gradient_from(float *out, int64_t r, int64_t length,
                                                 int64_t spans) {
    return (struct norma_gradient_apply){.x = x + r * length,
                                         .dy = dy + r * length,
                                         .dx = out + r * length,
                                         .length = length,
                                         .spans = spans,
                                         .centre = first + r,
                                         .dy_scale = second + r,
                                         .x_scale = third + r,
                                         .constant = fourth + r};
}

Test(short_spans, have_the_gradient_of_each_by_itself) {
    for (int64_t length = 1; length < NORMA_LANES; length++) {
        FOR_EACH_SET(set) {
            struct norma_gradient_apply work = gradient_from(together, 0, length, MANY);
            set->gradient_apply(&work);
            for (int64_t r = 0; r < MANY; r++) {
                work = gradient_from(alone, r, length, 1);
                set->gradient_apply(&work);
            }
            cr_assert(memcmp(together, alone, (size_t)(MANY * length) * sizeof *alone) == 0,
                      "%s, length %lld", set->name, (long long)length);
        }
    }
}
