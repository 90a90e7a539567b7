/* Sets that are added to those of the build.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "kernels/plan/plan.h"
#include "kernels/plan/profile.h"
#include "kernels/sets/sets.h"
#include "kernels/tests/available_sets.h"

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

/* Or a comparison of the two would be one of tunings. */
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
