/* The affine and its epilogues: every set gives the same bits, and they are right.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/sets/tests/available_sets.h"

#include <criterion/criterion.h>
#include <math.h>

static float x[ALL], residual[ALL], expected[ALL], y[ALL + 32];
static uint8_t labels[LONGEST];
static const float centre[SPANS] = {0.5f, -3.0f, 100.0f};
static const float scale[SPANS] = {1.5f, -0.1f, 1e-3f};
static const float shift[SPANS] = {0.0f, 0.2f, 0.1f};

static void setup(void) {
    fill(x, ALL, 0.3f, 1);
    fill(residual, ALL, 0.0f, 2);
    fill_labels(labels, LONGEST);
}

/* Computes the expected result by the definition, one element after the other. */
static void define(int64_t length, bool add, bool relu) {
    for (int64_t i = 0; i < SPANS * length; i++) {
        const int64_t r = i / length;
        float value = fmaf(x[i] - centre[r], scale[r], shift[r]);
        value = add ? value + residual[i] : value;
        expected[i] = relu && value <= 0.0f ? 0.0f : value;
    }
}

static struct norma_apply work_on(float *out, int64_t length, bool add, bool relu) {
    return (struct norma_apply){.x = x,
                                .residual = add ? residual : NULL,
                                .y = out,
                                .length = length,
                                .spans = SPANS,
                                .centre = centre,
                                .scale = scale,
                                .shift = shift,
                                .relu = relu};
}

TestSuite(apply, .init = setup);

Test(apply, is_right_with_every_epilogue_and_in_place) {
    for (size_t l = 0; l < LENGTHS; l++) {
        const size_t bytes = (size_t)(SPANS * lengths[l]) * sizeof(float);
        for (int epilogue = 0; epilogue < 3; epilogue++) {
            define(lengths[l], epilogue == 2, epilogue > 0);
            FOR_EACH_SET(set) {
                memcpy(y, x, bytes);
                struct norma_apply work = work_on(y, lengths[l], epilogue == 2, epilogue > 0);
                work.x = y;
                set->apply(&work);
                cr_assert(memcmp(y, expected, bytes) == 0, "%s, length %lld, epilogue %d",
                          set->name, (long long)lengths[l], epilogue);
            }
        }
    }
}

Test(apply, streaming_changes_nothing_but_the_stores) {
    for (size_t l = 0; l < LENGTHS; l++) {
        for (int misalignment = 0; misalignment < NORMA_LANES; misalignment += 5) {
            const size_t bytes = (size_t)(SPANS * lengths[l]) * sizeof(float);
            for (int epilogue = 0; epilogue < 3; epilogue++) {
                define(lengths[l], epilogue == 2, epilogue > 0);
                FOR_EACH_SET(set) {
                    float *out = y + misalignment;
                    memset(y, 0x55, sizeof y);
                    struct norma_apply work = work_on(out, lengths[l], epilogue == 2, epilogue > 0);
                    work.nontemporal = true;
                    set->apply(&work);
                    cr_assert(memcmp(expected, out, bytes) == 0, "%s, length %lld, %d off",
                              set->name, (long long)lengths[l], misalignment);
                    unsigned char behind = 0;
                    memcpy(&behind, out + SPANS * lengths[l], 1);
                    cr_assert(behind == 0x55);
                }
            }
        }
    }
}

Test(apply, writes_a_selection_and_leaves_the_others) {
    for (size_t l = 0; l < LENGTHS; l++) {
        define(lengths[l], false, true);
        FOR_EACH_SET(set) {
            for (int in_place = 0; in_place < 2; in_place++) {
                const struct norma_selection selection = {.labels = labels, .label = 1};
                struct norma_apply work = work_on(y, lengths[l], false, true);
                memcpy(y, x, sizeof x);
                work.x = in_place ? y : x;
                work.selection = &selection;
                work.others = work.x;
                set->apply(&work);
                for (int64_t i = 0; i < SPANS * lengths[l]; i++) {
                    const bool chosen = labels[i % lengths[l]] == 1;
                    cr_assert(y[i] == (chosen ? expected[i] : x[i]), "%s, length %lld, %lld",
                              set->name, (long long)lengths[l], (long long)i);
                }
            }
        }
    }
}

Test(apply, relu_passes_nan_and_makes_negative_zero_positive) {
    const float values[4] = {NAN, -0.0f, -1e-45f, INFINITY};
    FOR_EACH_SET(set) {
        float out[4];
        set->apply(&(struct norma_apply){.x = values,
                                         .y = out,
                                         .length = 4,
                                         .spans = 1,
                                         .centre = (float[]){0.0f},
                                         .scale = (float[]){1.0f},
                                         .shift = (float[]){-0.0f},
                                         .relu = true});
        cr_assert(isnan(out[0]) && out[1] == 0.0f && !signbit(out[1]) && out[2] == 0.0f &&
                      out[3] == INFINITY,
                  "%s", set->name);
    }
}
