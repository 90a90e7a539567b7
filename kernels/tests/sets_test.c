/* Every set gives the same bits, and they are right.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sets/set.h"

enum { LONGEST = NORMA_CHUNK, RUNS = 3 };

static float x[RUNS * LONGEST], alpha[RUNS * LONGEST];

/* A linear congruential generator is random enough here; values around `mean`. */
static void fill(float *values, size_t count, float mean) {
    uint32_t state = 12345;
    for (size_t i = 0; i < count; i++) {
        state = state * 1664525u + 1013904223u;
        values[i] = mean + (float)(state >> 8) * 0x1p-23f - 1.0f;
    }
}

static const struct norma_set *portable(void) {
    size_t last = 0;
    while (norma_set_at(last + 1)) {
        last++;
    }
    return norma_set_at(last);
}

static const int64_t lengths[] = {1,  2,  3,  7,  8,   9,   15,  16,   17,   23,
                                  31, 32, 33, 49, 127, 128, 129, 1000, 4095, 4096};

#define FOR_EACH_SET(set)                                                                          \
    for (size_t set_index = 0; norma_set_at(set_index); set_index++)                               \
        for (const struct norma_set *set = norma_set_at(set_index); set && set->available();       \
             set = NULL)

Test(sets, moments_have_the_same_bits) {
    const float means[] = {0.0f, 1000.0f, -1e6f};
    for (size_t m = 0; m < 3; m++) {
        fill(x, RUNS * LONGEST, means[m]);
        for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
            double mean[2][RUNS], m2[2][RUNS];
            portable()->moments(x, lengths[l], RUNS, mean[0], m2[0]);
            FOR_EACH_SET(set) {
                set->moments(x, lengths[l], RUNS, mean[1], m2[1]);
                cr_assert(memcmp(mean[0], mean[1], sizeof mean[0]) == 0, "%s mean, length %lld",
                          set->name, (long long)lengths[l]);
                cr_assert(memcmp(m2[0], m2[1], sizeof m2[0]) == 0, "%s m2, length %lld", set->name,
                          (long long)lengths[l]);
            }
        }
    }
}

Test(sets, moments_are_right) {
    fill(x, RUNS * LONGEST, 1e5f);
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
        double mean[RUNS], m2[RUNS];
        portable()->moments(x, lengths[l], RUNS, mean, m2);
        for (int64_t r = 0; r < RUNS; r++) {
            long double sum = 0, squares = 0;
            for (int64_t i = 0; i < lengths[l]; i++) {
                sum += x[r * lengths[l] + i];
            }
            for (int64_t i = 0; i < lengths[l]; i++) {
                const long double d = x[r * lengths[l] + i] - sum / lengths[l];
                squares += d * d;
            }
            cr_assert(fabsl(mean[r] - sum / lengths[l]) <= 1e-15L * fabsl(sum / lengths[l]));
            cr_assert(fabsl(m2[r] - squares) <= 1e-9L * squares + 1e-30L, "length %lld: %g not %Lg",
                      (long long)lengths[l], m2[r], squares);
        }
    }
}

Test(sets, moments_of_a_constant_are_exact) {
    for (int i = 0; i < LONGEST; i++) {
        x[i] = 0.1f;
    }
    FOR_EACH_SET(set) {
        double mean, m2;
        set->moments(x, LONGEST - 5, 1, &mean, &m2);
        cr_assert(mean == (double)0.1f && m2 == 0.0, "%s", set->name);
    }
}

Test(sets, extreme_values_neither_overflow_nor_vanish) {
    const float scales[] = {1e-40f, 1e-25f, 1e18f, 1e38f};
    for (size_t i = 0; i < 4; i++) {
        for (int k = 0; k < 64; k++) {
            x[k] = k % 2 ? scales[i] : -scales[i];
        }
        FOR_EACH_SET(set) {
            double mean, m2;
            set->moments(x, 64, 1, &mean, &m2);
            const double expected = 64.0 * (double)scales[i] * (double)scales[i];
            cr_assert(fabs(m2 / expected - 1.0) < 1e-12, "%s at %g", set->name, (double)scales[i]);
            cr_assert(mean == 0.0, "%s at %g", set->name, (double)scales[i]);
        }
    }
}

Test(sets, a_nan_or_infinity_poisons_its_run_alone) {
    const float poisons[] = {NAN, INFINITY, -INFINITY};
    const int64_t places[] = {0, 15, 16, 36};
    for (size_t p = 0; p < 3; p++) {
        for (size_t k = 0; k < 4; k++) {
            fill(x, RUNS * 37, 0.0f);
            double clean[RUNS], mean[RUNS], m2[RUNS];
            portable()->moments(x, 37, RUNS, mean, clean);
            x[37 + places[k]] = poisons[p];
            FOR_EACH_SET(set) {
                set->moments(x, 37, RUNS, mean, m2);
                cr_assert(isnan(m2[1]), "%s", set->name);
                cr_assert(m2[0] == clean[0] && m2[2] == clean[2], "%s", set->name);
            }
        }
    }
}

Test(sets, apply_has_the_same_bits_and_is_right) {
    static float y[2][RUNS * LONGEST];
    const float centre[RUNS] = {0.5f, -3.0f, 100.0f};
    const float scale[RUNS] = {1.5f, -0.1f, 1e-3f};
    const float shift[RUNS] = {0.0f, 2.0f, -7.0f};
    fill(x, RUNS * LONGEST, 0.3f);
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
        const size_t bytes = (size_t)(RUNS * lengths[l]) * sizeof(float);
        portable()->apply(x, y[0], lengths[l], RUNS, centre, scale, shift);
        for (int64_t i = 0; i < RUNS * lengths[l]; i++) {
            const int64_t r = i / lengths[l];
            cr_assert(y[0][i] == fmaf(x[i] - centre[r], scale[r], shift[r]));
        }
        FOR_EACH_SET(set) {
            memcpy(y[1], x, bytes); /* in place */
            set->apply(y[1], y[1], lengths[l], RUNS, centre, scale, shift);
            cr_assert(memcmp(y[0], y[1], bytes) == 0, "%s, length %lld", set->name,
                      (long long)lengths[l]);
        }
    }
}

Test(sets, streaming_changes_nothing_but_the_stores) {
    static float y[2][RUNS * LONGEST + 32];
    const float centre[RUNS] = {0.5f, -3.0f, 100.0f};
    const float scale[RUNS] = {1.5f, -0.1f, 1e-3f};
    const float shift[RUNS] = {0.0f, 2.0f, -7.0f};
    fill(x, RUNS * LONGEST, 0.3f);
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
        for (int misalignment = 0; misalignment < NORMA_LANES; misalignment += 5) {
            const size_t bytes = (size_t)(RUNS * lengths[l]) * sizeof(float);
            portable()->apply(x, y[0], lengths[l], RUNS, centre, scale, shift);
            FOR_EACH_SET(set) {
                float *out = y[1] + misalignment;
                memset(y[1], 0, sizeof y[1]);
                set->apply_streamed(x, out, lengths[l], RUNS, centre, scale, shift);
                cr_assert(memcmp(y[0], out, bytes) == 0, "%s, length %lld, %d off", set->name,
                          (long long)lengths[l], misalignment);
                cr_assert(out[RUNS * lengths[l]] == 0.0f && y[1][0] == (misalignment ? 0 : *out));
            }
        }
    }
}

Test(sets, blend_has_the_same_bits_and_is_right) {
    static float y[2][LONGEST];
    fill(x, LONGEST, 0.0f);
    fill(alpha, LONGEST, 0.5f);
    alpha[0] = 0.0f;
    alpha[1] = 1.0f;
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
        portable()->blend(x, y[0], lengths[l], alpha, 0.01f);
        for (int64_t i = 0; i < lengths[l]; i++) {
            cr_assert(y[0][i] == x[i] * fmaf(alpha[i], 0.01f, 1.0f - alpha[i]));
        }
        FOR_EACH_SET(set) {
            set->blend(x, y[1], lengths[l], alpha, 0.01f);
            cr_assert(memcmp(y[0], y[1], (size_t)lengths[l] * sizeof(float)) == 0,
                      "%s, length %lld", set->name, (long long)lengths[l]);
        }
    }
}

Test(choose, fastest_available_by_default) {
    const struct norma_set *set = NULL;
    cr_assert(norma_set_choose(NULL, &set) == NORMA_OK);
    for (size_t i = 0; norma_set_at(i) != set; i++) {
        cr_assert(!norma_set_available(i));
    }
}

Test(choose, names_allow_and_minus_excludes) {
    const struct norma_set *set = NULL;
    cr_assert(norma_set_choose("portable", &set) == NORMA_OK && set == portable());
    for (size_t i = 0; norma_set_at(i); i++) {
        char without[64];
        snprintf(without, sizeof without, "-%s", norma_set_name(i));
        cr_assert(norma_set_choose(without, &set) != NORMA_OK || set != norma_set_at(i));
    }
    cr_assert(norma_set_choose("portable,-portable", &set) == NORMA_UNAVAILABLE_SET);
}

Test(choose, unknown_names_are_errors) {
    const char *const choices[] = {"avx3", "portable,avx3", "-avx3", ",portable", "port", "-", " "};
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        const struct norma_set *set = NULL;
        cr_assert(norma_set_choose(choices[i], &set) == NORMA_UNKNOWN_SET, "'%s'", choices[i]);
    }
}

Test(choose, the_environment_counts_unless_an_option_does) {
    struct norma_problem problem;
    struct norma_plan *plan;
    cr_assert(norma_problem_parse("in:2x3x4", &problem, NULL) == NORMA_OK);
    setenv("NORMA_SETS", "portable", 1);
    cr_assert(norma_plan_create(&plan, &problem, NULL) == NORMA_OK);
    cr_assert_str_eq(norma_plan_set(plan), "portable");
    norma_plan_destroy(plan);
    setenv("NORMA_SETS", "nonesuch", 1);
    cr_assert(norma_plan_create(&plan, &problem, NULL) == NORMA_UNKNOWN_SET);
    const struct norma_options options = {.sets = "portable"};
    cr_assert(norma_plan_create(&plan, &problem, &options) == NORMA_OK);
    norma_plan_destroy(plan);
}
