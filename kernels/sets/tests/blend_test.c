/* Unitization with an alpha per element: every set gives the same bits, and they are right.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/sets/tests/available_sets.h"

#include <criterion/criterion.h>
#include <math.h>

enum { SAMPLES = SPANS };

static float x[ALL], dy[ALL], y[ALL], residual[ALL], alpha[LONGEST], out[2][ALL];

static void setup(void) {
    fill(x, ALL, 0.1f, 1);
    fill(dy, ALL, 0.2f, 2);
    fill(y, ALL, 0.0f, 3);
    fill(residual, ALL, 0.0f, 4);
    fill(alpha, LONGEST, 1.0f, 5);
    for (int i = 0; i < LONGEST; i++) {
        alpha[i] *= 0.5f;
    }
    alpha[0] = 0.0f;
    alpha[1] = 1.0f;
}

static struct norma_blend work_on(float *to, int64_t length, int kind) {
    const bool epilogue = kind & 2;
    return (struct norma_blend){.x = x,
                                .alpha = alpha,
                                .residual = epilogue ? residual : NULL,
                                .dy = dy,
                                .y = epilogue ? y : NULL,
                                .out = to,
                                .length = length,
                                .weight = 0.375f,
                                .x_scale = -0.7f,
                                .divide = kind & 1,
                                .relu = epilogue};
}

static float weight(int64_t i) {
    return fmaf(alpha[i], 0.375f, 1.0f - alpha[i]);
}

static float counted(int64_t i, int kind) {
    return (kind & 2) && y[i] <= 0.0f ? 0.0f : dy[i];
}

TestSuite(blend, .init = setup);

Test(blend, is_right_in_every_kind) {
    for (size_t l = 0; l < LENGTHS; l++) {
        for (int kind = 0; kind < 4; kind++) {
            FOR_EACH_SET(set) {
                const struct norma_blend work = work_on(out[0], lengths[l], kind);
                set->blend(&work);
                for (int64_t i = 0; i < lengths[l]; i++) {
                    float value = (kind & 1) ? x[i] / weight(i) : x[i] * weight(i);
                    value = (kind & 2) ? value + residual[i] : value;
                    value = (kind & 2) && value <= 0.0f ? 0.0f : value;
                    cr_assert(out[0][i] == value, "%s, length %lld, kind %d", set->name,
                              (long long)lengths[l], kind);
                }
            }
        }
    }
}

Test(blend, gradient_is_right_in_every_kind) {
    for (size_t l = 0; l < LENGTHS; l++) {
        for (int kind = 0; kind < 4; kind++) {
            FOR_EACH_SET(set) {
                struct norma_blend work = work_on(out[0], lengths[l], kind);
                work.dresidual = (kind & 2) ? out[1] : NULL;
                set->blend_gradient(&work);
                for (int64_t i = 0; i < lengths[l]; i++) {
                    const float g = counted(i, kind);
                    const float value = (kind & 1) ? fmaf(x[i], -0.7f, g / weight(i))
                                                   : fmaf(g, weight(i), x[i] * -0.7f);
                    cr_assert(out[0][i] == value, "%s, length %lld, kind %d", set->name,
                              (long long)lengths[l], kind);
                    cr_assert(!(kind & 2) || out[1][i] == g);
                }
            }
        }
    }
}

Test(blend, product_has_the_same_bits_and_is_right) {
    for (size_t l = 0; l < LENGTHS; l++) {
        for (int kind = 0; kind < 4; kind++) {
            const struct norma_blend work = work_on(NULL, lengths[l], kind);
            long double expected = 0, scale = 0;
            for (int64_t i = 0; i < lengths[l]; i++) {
                const long double w = (long double)alpha[i] * 0.375L + (1 - (long double)alpha[i]);
                const long double term = (long double)alpha[i] * counted(i, kind) * x[i];
                expected += (kind & 1) ? term / (w * w) : term;
                scale += fabsl(term) / (w * w);
            }
            const double product = portable()->blend_product(&work, 0.375);
            cr_assert(fabsl(product - expected) <= 1e-13L * scale, "length %lld, kind %d",
                      (long long)lengths[l], kind);
            FOR_EACH_SET(set) {
                cr_assert(set->blend_product(&work, 0.375) == product, "%s, length %lld, kind %d",
                          set->name, (long long)lengths[l], kind);
            }
        }
    }
}

Test(blend, alpha_gradient_has_the_same_bits_and_is_right) {
    const double weights[SAMPLES] = {0.375, 2.0, 1.5}, factors[SAMPLES] = {-0.6, 1.0, 0.25};
    for (size_t l = 0; l < LENGTHS; l++) {
        for (int kind = 0; kind < 4; kind++) {
            struct norma_blend_alpha work = {.x = x,
                                             .dy = dy,
                                             .y = (kind & 2) ? y : NULL,
                                             .alpha = alpha,
                                             .out = out[0],
                                             .length = lengths[l],
                                             .samples = SAMPLES,
                                             .stride = LONGEST,
                                             .weight = weights,
                                             .factor = factors,
                                             .divide = kind & 1};
            portable()->blend_alpha(&work);
            for (int64_t i = 0; i < lengths[l]; i++) {
                long double expected = 0, scale = 0;
                for (int64_t n = 0; n < SAMPLES; n++) {
                    const long double a = alpha[i], w = a * weights[n] + (1 - a);
                    const long double term = (long double)counted(n * LONGEST + i, kind) *
                                             x[n * LONGEST + i] * factors[n];
                    expected += (kind & 1) ? term / (w * w) : term;
                    scale += fabsl(term) / (w * w);
                }
                cr_assert(fabsl(out[0][i] - expected) <=
                              0x1p-24L * fabsl(expected) + 1e-14L * scale,
                          "length %lld, kind %d", (long long)lengths[l], kind);
            }
            work.out = out[1];
            FOR_EACH_SET(set) {
                set->blend_alpha(&work);
                cr_assert(memcmp(out[0], out[1], (size_t)lengths[l] * sizeof(float)) == 0,
                          "%s, length %lld, kind %d", set->name, (long long)lengths[l], kind);
            }
        }
    }
}
