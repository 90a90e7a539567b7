/* The set that a plan takes, and sets that are added to those of the build.
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
#include "kernels/sets/tests/available_sets.h"

/* ---- choosing ----------------------------------------------------------------------------- */

Test(choose, fastest_available_by_default) {
    const struct norma_set *set = NULL;
    cr_assert(norma_set_choose(NULL, &set) == NORMA_STATUS_OK);
    for (size_t i = 0; norma_set_at(i) != set; i++) {
        cr_assert(!norma_set_available(i));
    }
}

Test(choose, names_allow_and_minus_excludes) {
    const struct norma_set *set = NULL;
    cr_assert(norma_set_choose("portable", &set) == NORMA_STATUS_OK && set == portable());
    for (size_t i = 0; norma_set_at(i); i++) {
        char without[64];
        snprintf(without, sizeof without, "-%s", norma_set_name(i));
        cr_assert(norma_set_choose(without, &set) != NORMA_STATUS_OK || set != norma_set_at(i));
    }
    cr_assert(norma_set_choose("portable,-portable", &set) == NORMA_STATUS_UNAVAILABLE_SET);
}

Test(choose, unknown_names_are_errors) {
    const char *const choices[] = {"avx3", "portable,avx3", "-avx3", ",portable", "port", "-", " "};
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        const struct norma_set *set = NULL;
        cr_assert(norma_set_choose(choices[i], &set) == NORMA_STATUS_UNKNOWN_SET, "'%s'",
                  choices[i]);
    }
}

Test(choose, the_environment_counts_unless_an_option_does) {
    struct norma_problem problem;
    struct norma_plan *plan;
    cr_assert(norma_problem_parse("in:2x3x4", &problem, NULL) == NORMA_STATUS_OK);
    setenv("NORMA_SETS", "portable", 1);
    cr_assert(norma_plan_create(&plan, &problem, NULL) == NORMA_STATUS_OK);
    cr_assert_str_eq(norma_plan_set(plan), "portable");
    norma_plan_destroy(plan);
    setenv("NORMA_SETS", "nonesuch", 1);
    cr_assert(norma_plan_create(&plan, &problem, NULL) == NORMA_STATUS_UNKNOWN_SET);
    const struct norma_options options = {.sets = "portable"};
    cr_assert(norma_plan_create(&plan, &problem, &options) == NORMA_STATUS_OK);
    norma_plan_destroy(plan);
}

/* A compiler that may use AVX2 everywhere leaves out the targets below it. */
#if defined(NORMA_HAVE_HIGHWAY) && defined(__x86_64__) && !defined(__AVX2__)
Test(choose, highway_comes_behind_what_is_written_by_hand_and_ahead_of_portable) {
    const char *const names[] = {"avx2", "highway-sse4", "portable"};
    size_t at[3] = {0};
    for (size_t i = 0; i < 3; i++) {
        while (norma_set_name(at[i]) && strcmp(norma_set_name(at[i]), names[i]) != 0) {
            at[i]++;
        }
        cr_assert(norma_set_name(at[i]), "no %s", names[i]);
    }
    cr_assert(at[0] < at[1] && at[1] < at[2]);
}
#endif

/* ---- adding ------------------------------------------------------------------------------- */

static struct norma_set make_set(const char *name) {
    struct norma_set set = *norma_set_find("portable");
    set.name = name;
    set.base = "portable";
    return set;
}

Test(added_set, stands_behind_all_others_under_its_name) {
    const struct norma_set set = make_set("mine");
    size_t before = 0;
    while (norma_set_name(before)) {
        before++;
    }
    cr_assert_null(norma_set_find("mine"));
    cr_assert(norma_set_add(&set));
    cr_assert_str_eq(norma_set_name(before), "mine");
    cr_assert_null(norma_set_name(before + 1));
    cr_assert(norma_set_available(before));
    cr_assert_eq(norma_set_find("mine")->apply, set.apply);
}

Test(added_set, is_taken_only_where_it_is_named) {
    const struct norma_set mine = make_set("mine");
    const struct norma_set *set = NULL;
    char all_others[512] = "";
    for (size_t i = 0; norma_set_name(i); i++) {
        snprintf(all_others + strlen(all_others), sizeof all_others - strlen(all_others), "%s-%s",
                 i ? "," : "", norma_set_name(i));
    }
    cr_assert(norma_set_add(&mine));
    cr_assert_eq(norma_set_choose("mine", &set), NORMA_STATUS_OK);
    cr_assert_str_eq(set->name, "mine");
    cr_assert_eq(norma_set_choose("-portable,mine", &set), NORMA_STATUS_OK);
    cr_assert_str_eq(set->name, "mine");
    cr_assert_eq(norma_set_choose(all_others, &set), NORMA_STATUS_UNAVAILABLE_SET);
    cr_assert_eq(norma_set_choose("-mine", &set), NORMA_STATUS_OK);
    cr_assert_neq(strcmp(set->name, "mine"), 0);
}

Test(added_set, there_is_room_for_some) {
    static const char *const names[NORMA_MOST_ADDED + 1] = {"a"};
    struct norma_set set = make_set(names[0]);
    for (int i = 0; i < NORMA_MOST_ADDED; i++) {
        cr_assert(norma_set_add(&set));
    }
    cr_assert_not(norma_set_add(&set));
}

static int64_t tile_of(const char *text, const char *set) {
    struct norma_problem problem;
    struct norma_profile *profile;
    struct norma_plan *plan;
    char message[200] = "", whole[600];
    snprintf(whole, sizeof whole, "norma-profile 1\nversion %s\ncpu %s\n%send\n", norma_version(),
             norma_profile_cpu(), text);
    cr_assert_eq(norma_profile_parse(whole, &profile, message, sizeof message), NORMA_STATUS_OK,
                 "%s", message);
    norma_problem_parse("in:1x2x3", &problem, NULL);
    const struct norma_options options = {.sets = set, .profile = profile};
    cr_assert_eq(norma_plan_create(&plan, &problem, &options), NORMA_STATUS_OK);
    const int64_t tile = plan->tuning.tile_bytes;
    norma_plan_destroy(plan);
    norma_profile_destroy(profile);
    return tile;
}

/* Otherwise a comparison of the two would compare tunings. */
Test(added_set, is_tuned_as_its_base_unless_it_has_a_section_of_its_own) {
    const struct norma_set mine = make_set("mine");
    cr_assert(norma_set_add(&mine));
    cr_assert_eq(tile_of("set portable\nl2 tile_bytes=8192\n", "mine"), 8192);
    cr_assert_eq(
        tile_of("set portable\nl2 tile_bytes=8192\nset mine\nl2 tile_bytes=16384\n", "mine"),
        16384);
    cr_assert_neq(tile_of("set mine\nl2 tile_bytes=16384\n", "portable"), 16384);
    struct norma_set third = make_set("third");
    third.base = "mine";
    cr_assert(norma_set_add(&third));
    cr_assert_eq(tile_of("set portable\nl2 tile_bytes=8192\n", "third"), 8192, "base of the base");
}
