/* Which set a plan takes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/sets/sets.h"

static const struct norma_set *portable(void) {
    size_t last = 0;
    while (norma_set_at(last + 1)) {
        last++;
    }
    return norma_set_at(last);
}

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

/* A compiler that may use AVX2 everywhere leaves out the lesser targets. */
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
