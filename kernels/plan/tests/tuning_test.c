/* Tuning, however extreme, changes no bit of a result; and the tuning that a plan takes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/plan/plan.h"
#include "kernels/plan/profile.h"
#include "kernels/tests/bundle.h"
#include "kernels/tests/variants.h"

TestSuite(tuning, .timeout = 250);

/* Hides the user's own profile from these tests. */
static void use_defaults(void) {
    setenv("NORMA_PROFILE", "", 1);
}

/* ---- the parameters as data ---------------------------------------------------------------- */

Test(tuning, parameters_can_be_read_and_written_by_number) {
    struct norma_tuning tuning = norma_tuning_default(NORMA_CLASS_MEMORY);
    size_t count = 0;
    for (; norma_tuning_parameter(count); count++) {
        norma_tuning_set(&tuning, count, 7 + (int64_t)count);
    }
    cr_assert(sizeof tuning == count * sizeof(int64_t));
    for (size_t i = 0; i < count; i++) {
        cr_assert(norma_tuning_get(&tuning, i) == 7 + (int64_t)i);
    }
    cr_assert(tuning.tile_bytes == 7 && tuning.stream_elements == 8 && tuning.ahead_bytes == 9 &&
              tuning.thread_bytes == 10);
}

Test(tuning, defaults_are_within_their_ranges) {
    for (int size = 0; size < NORMA_SIZE_CLASS_COUNT; size++) {
        const struct norma_tuning tuning = norma_tuning_default((norma_size_class)size);
        const struct norma_parameter *parameter;
        for (size_t i = 0; (parameter = norma_tuning_parameter(i)); i++) {
            const int64_t value = norma_tuning_get(&tuning, i);
            cr_assert(parameter->least <= value && value <= parameter->most, "%s", parameter->name);
            cr_assert(0 < parameter->typical && parameter->typical <= parameter->most, "%s",
                      parameter->name);
        }
    }
}

Test(tuning, classes_meet_at_the_caches) {
    const int64_t l2 = norma_size_class_end(NORMA_CLASS_L2);
    const int64_t last = norma_size_class_end(NORMA_CLASS_L3);
    cr_assert(0 < l2 && l2 <= last);
    cr_assert(norma_size_class_of(0) == NORMA_CLASS_L2);
    cr_assert(norma_size_class_of(l2 - 1) == NORMA_CLASS_L2);
    cr_assert(norma_size_class_of(last - 1) == (l2 < last ? NORMA_CLASS_L3 : NORMA_CLASS_L2));
    cr_assert(norma_size_class_of(last) == NORMA_CLASS_MEMORY);
    cr_assert(norma_size_class_of(INT64_MAX) == NORMA_CLASS_MEMORY);
}

/* ---- what a plan takes --------------------------------------------------------------------- */

static struct norma_profile *profile_of_all(const struct norma_tuning *tuning) {
    struct norma_profile *profile = norma_profile_create();
    for (size_t i = 0; norma_set_name(i); i++) {
        for (int size = 0; size < NORMA_SIZE_CLASS_COUNT; size++) {
            cr_assert(
                norma_profile_put(profile, norma_set_name(i), (norma_size_class)size, tuning));
        }
    }
    return profile;
}

static struct norma_plan *plan_of(const char *text, const struct norma_profile *profile,
                                  int threads) {
    const struct norma_problem problem = bundle_problem(text);
    struct norma_plan *plan;
    cr_assert(norma_plan_create(&plan, &problem,
                                &(struct norma_options){.profile = profile, .threads = threads}) ==
              NORMA_STATUS_OK);
    return plan;
}

Test(tuning, a_plan_takes_that_of_its_set_and_class, .init = use_defaults) {
    struct norma_plan *plan = plan_of("in:2x3x100", NULL, 0);
    const char *set = norma_plan_set(plan);
    const struct norma_tuning usual = plan->tuning, other = {8192, 1, 1, 1};
    cr_assert(!norma_plan_profile(plan));
    norma_plan_destroy(plan);

    struct norma_profile *profile = norma_profile_create();
    norma_profile_put(profile, "another", NORMA_CLASS_L2, &other);
    norma_profile_put(profile, set, NORMA_CLASS_MEMORY, &other);
    plan = plan_of("in:2x3x100", profile, 0);
    cr_assert(!norma_plan_profile(plan) && memcmp(&plan->tuning, &usual, sizeof usual) == 0);
    norma_plan_destroy(plan);

    norma_profile_put(profile, set, NORMA_CLASS_L2, &other);
    plan = plan_of("in:2x3x100", profile, 0);
    cr_assert_str_eq(norma_plan_profile(plan), "");
    cr_assert(memcmp(&plan->tuning, &other, sizeof other) == 0);
    norma_plan_destroy(plan);
    norma_profile_destroy(profile);
}

Test(tuning, parameters_have_an_effect, .init = use_defaults) {
    struct norma_profile *small = profile_of_all(&(struct norma_tuning){4096, 1, 8192, 1});
    struct norma_profile *large =
        profile_of_all(&(struct norma_tuning){1 << 30, 1 << 30, 0, 1 << 30});
    struct norma_plan *one = plan_of("in:16x4x40x40", small, 3);
    struct norma_plan *other = plan_of("in:16x4x40x40", large, 3);
    cr_assert(one->stream && !other->stream);
    cr_assert(one->prefetch_distance == 40 * 40 && other->prefetch_distance == 0);
    cr_assert(one->threads == 3 && other->threads == 1);
    cr_assert(one->tiling.samples == 1 && other->tiling.samples == 16);
    norma_plan_destroy(one);
    norma_plan_destroy(other);
    norma_profile_destroy(small);
    norma_profile_destroy(large);
}

/* ---- bits ---------------------------------------------------------------------------------- */

static const struct norma_tuning extremes[] = {
    {4096, 0, 0, 1},
    {4096, 1, 1 << 30, 1},
    {1 << 30, 1, 0, 1},
    {1 << 30, 1 << 30, 0, 1 << 30},
    {20000, 64, 1 << 20, 4096},
};
enum { EXTREMES = sizeof extremes / sizeof *extremes };

static struct norma_profile *profiles[EXTREMES];

static void open_profiles(void) {
    use_defaults();
    for (int i = 0; i < EXTREMES; i++) {
        profiles[i] = profile_of_all(&extremes[i]);
    }
}

static void close_profiles(void) {
    for (int i = 0; i < EXTREMES; i++) {
        norma_profile_destroy(profiles[i]);
    }
}

static struct bundle *execute(const struct bundle *before, const struct norma_profile *profile,
                              const char *set, int threads) {
    struct bundle *bundle = bundle_copy(before, 0);
    const norma_status status = bundle_execute(
        bundle, &(struct norma_options){.sets = set, .threads = threads, .profile = profile});
    cr_assert(status == NORMA_STATUS_OK, "%s", norma_strerror(status));
    return bundle;
}

static void same_with_every_tuning(const char *text) {
    static const int threads[] = {1, 3};
    static size_t set;
    do {
        set = norma_set_name(set + 1) ? set + 1 : 0;
    } while (!norma_set_available(set));
    struct bundle *before = bundle_make(text, 0);
    bundle_cancel_sums(before);
    struct bundle *expected = execute(before, NULL, norma_set_name(set), 1);
    for (int i = 0; i < 2 * EXTREMES; i++) {
        struct bundle *got = execute(before, profiles[i / 2], norma_set_name(set), threads[i % 2]);
        const char *different = bundle_difference(got, expected, REFERENCE_TENSOR_COUNT);
        cr_assert(!different, "%s: %s has other bits with %d threads and tuning %d", text,
                  different, threads[i % 2], i / 2);
        bundle_free(got);
    }
    bundle_free(before);
    bundle_free(expected);
}

/* Planes with tails, wide and narrow columns, several tiles a thread, single positions. */
static const char *const shapes[] = {"3x6x37", "5x9x643", "7x48x65", "120x69", "2x198x33"};

Test(tuning, changes_no_bit, .init = open_profiles, .fini = close_profiles) {
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        test_for_each_variant_in_turn(shapes[i], (int)i, same_with_every_tuning);
    }
}
