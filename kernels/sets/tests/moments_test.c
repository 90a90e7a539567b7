/* Moments: every set gives the same bits, and they are right.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/sets/tests/available_sets.h"

#include <criterion/criterion.h>
#include <math.h>

static float x[ALL];

Test(sets, moments_have_the_same_bits) {
    const float means[] = {0.0f, 1000.0f, -1e6f};
    for (size_t m = 0; m < 3; m++) {
        fill(x, ALL, means[m], 12345);
        for (size_t l = 0; l < LENGTHS; l++) {
            double mean[2][SPANS], m2[2][SPANS];
            portable()->moments(x, lengths[l], SPANS, NULL, mean[0], m2[0]);
            FOR_EACH_SET(set) {
                set->moments(x, lengths[l], SPANS, NULL, mean[1], m2[1]);
                cr_assert(memcmp(mean[0], mean[1], sizeof mean[0]) == 0, "%s mean, length %lld",
                          set->name, (long long)lengths[l]);
                cr_assert(memcmp(m2[0], m2[1], sizeof m2[0]) == 0, "%s m2, length %lld", set->name,
                          (long long)lengths[l]);
            }
        }
    }
}

Test(sets, moments_are_right) {
    fill(x, ALL, 1e5f, 12345);
    for (size_t l = 0; l < LENGTHS; l++) {
        double mean[SPANS], m2[SPANS];
        portable()->moments(x, lengths[l], SPANS, NULL, mean, m2);
        for (int64_t r = 0; r < SPANS; r++) {
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
        set->moments(x, LONGEST - 5, 1, NULL, &mean, &m2);
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
            set->moments(x, 64, 1, NULL, &mean, &m2);
            const double expected = 64.0 * (double)scales[i] * (double)scales[i];
            cr_assert(fabs(m2 / expected - 1.0) < 1e-12, "%s at %g", set->name, (double)scales[i]);
            cr_assert(mean == 0.0, "%s at %g", set->name, (double)scales[i]);
        }
    }
}

Test(sets, a_nan_or_infinity_poisons_its_span_alone) {
    const float poisons[] = {NAN, INFINITY, -INFINITY};
    const int64_t places[] = {0, 15, 16, 36};
    for (size_t p = 0; p < 3; p++) {
        for (size_t k = 0; k < 4; k++) {
            fill(x, SPANS * 37, 0.0f, 12345);
            double clean[SPANS], mean[SPANS], m2[SPANS];
            portable()->moments(x, 37, SPANS, NULL, mean, clean);
            x[37 + places[k]] = poisons[p];
            FOR_EACH_SET(set) {
                set->moments(x, 37, SPANS, NULL, mean, m2);
                cr_assert(isnan(m2[1]), "%s", set->name);
                cr_assert(m2[0] == clean[0] && m2[2] == clean[2], "%s", set->name);
            }
        }
    }
}

Test(sets, moments_of_a_selection_are_those_of_its_elements_alone) {
    static uint8_t labels[LONGEST];
    static float alone[LONGEST];
    fill(x, ALL, 100.0f, 12345);
    fill_labels(labels, LONGEST);
    for (size_t l = 0; l < LENGTHS; l++) {
        for (uint8_t label = 0; label < 3; label++) {
            struct norma_selection selection = {.labels = labels, .label = label, .first = -1};
            for (int64_t i = 0; i < lengths[l]; i++) {
                if (labels[i] == label) {
                    selection.first = selection.first < 0 ? i : selection.first;
                    alone[selection.count++] = x[i];
                }
            }
            if (selection.count == 0) {
                continue;
            }
            double mean[2], m2[2];
            portable()->moments(alone, selection.count, 1, NULL, &mean[0], &m2[0]);
            portable()->moments(x, lengths[l], 1, &selection, &mean[1], &m2[1]);
            cr_assert(fabs(mean[1] - mean[0]) <= 1e-13 * fabs(mean[0]));
            cr_assert(fabs(m2[1] - m2[0]) <= 1e-9 * m2[0]);
            FOR_EACH_SET(set) {
                set->moments(x, lengths[l], 1, &selection, &mean[0], &m2[0]);
                cr_assert(memcmp(&mean[0], &mean[1], sizeof *mean) == 0 &&
                              memcmp(&m2[0], &m2[1], sizeof *m2) == 0,
                          "%s, length %lld, label %d", set->name, (long long)lengths[l], label);
            }
        }
    }
}

/* With one label everywhere the bits are those without a selection, so that one region equals
 * none. */
Test(sets, a_selection_of_everything_changes_no_bit) {
    static const uint8_t labels[LONGEST] = {0};
    fill(x, ALL, 3.0f, 12345);
    for (size_t l = 0; l < LENGTHS; l++) {
        const struct norma_selection selection = {.labels = labels, .count = lengths[l]};
        double mean[2], m2[2];
        FOR_EACH_SET(set) {
            set->moments(x, lengths[l], 1, NULL, &mean[0], &m2[0]);
            set->moments(x, lengths[l], 1, &selection, &mean[1], &m2[1]);
            cr_assert(mean[0] == mean[1] && m2[0] == m2[1], "%s", set->name);
        }
    }
}
