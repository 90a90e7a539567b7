/* A mutant is caught for its mistake, and neither for the implementation around it nor for the way
 * that it is exposed to the checks; and every check has a mutant. norma-verify --mutants itself
 * shows that each is caught, and that the controls are not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/mutants/mutant_catalogue.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "verify/checks/suite.h"
#include "verify/mutants/mutants.h"

enum { ENOUGH = 40 };

static const struct verify_mutant *find(const char *name) {
    for (size_t i = 0; verify_mutant_at(i); i++) {
        if (strcmp(verify_mutant_at(i)->name, name) == 0) {
            return verify_mutant_at(i);
        }
    }
    cr_assert_fail("there is no mutant %s", name);
    return NULL;
}

/* Exposes a mutant to the checks on built-in problems, but for the first ones. */
static struct verify_catch show_rest(const struct verify_mutant *mutant, size_t left_out) {
    struct verify_problems problems = {0};
    struct verify_catch result;
    cr_assert(verify_suite(VERIFY_LEVEL_QUICK, &problems));
    verify_mutation_try(mutant, &problems, 1, left_out, 0, &result);
    free(problems.list);
    return result;
}

static struct verify_catch show(const struct verify_mutant *mutant) {
    return show_rest(mutant, 0);
}

/* ---- the catalogue --------------------------------------------------------------------------- */

Test(mutants, are_many_and_each_has_a_name_of_its_own) {
    size_t count = 0;
    for (; verify_mutant_at(count); count++) {
        for (size_t i = 0; i < count; i++) {
            cr_expect_str_neq(verify_mutant_at(i)->name, verify_mutant_at(count)->name);
        }
    }
    cr_expect_geq(count, ENOUGH);
}

Test(mutants, do_one_thing_each_unless_they_are_controls) {
    for (size_t i = 0; verify_mutant_at(i); i++) {
        const struct verify_mutant *mutant = verify_mutant_at(i);
        const bool mutates = mutant->alter || mutant->before || mutant->after ||
                             mutant->after_plane || mutant->corrupt || mutant->functions ||
                             mutant->step || mutant->stages || mutant->ask;
        cr_expect_neq(mutates, mutant->control, "%s", mutant->name);
        cr_expect_eq(mutant->expected == VERIFY_CHECK_COUNT, mutant->control, "%s", mutant->name);
        cr_expect_eq(mutant->functions != NULL,
                     mutant->scope == VERIFY_SCOPE_VOCABULARY && !mutant->control, "%s",
                     mutant->name);
        cr_expect(strlen(mutant->wrong) > 0, "%s", mutant->name);
    }
}

Test(mutants, are_there_for_every_check) {
    for (int check = 0; check < VERIFY_CHECK_COUNT; check++) {
        bool found = false;
        for (size_t i = 0; verify_mutant_at(i); i++) {
            found = found || verify_mutant_at(i)->expected == (enum verify_check_kind)check;
        }
        cr_expect(found, "%s", verify_check_name((enum verify_check_kind)check));
    }
}

/* ---- catching -------------------------------------------------------------------------------- */

static bool concerns_nothing(const struct norma_problem *problem) {
    (void)problem;
    return false;
}

Test(mutants, are_shown_nothing_but_what_they_concern) {
    struct verify_mutant mutant = *find("tail-doubled");
    mutant.concerns = concerns_nothing;
    const struct verify_catch result = show(&mutant);
    cr_expect(!result.caught);
    cr_expect_str_empty(result.text);
}

static void do_nothing(struct verify_execution *execution) {
    (void)execution;
}

/* Copies all arguments, which changes nothing by itself. */
static void copy_all(struct verify_execution *execution) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (execution->tensors[id].role == REFERENCE_ROLE_INPUT) {
            verify_execution_copy(execution, (enum reference_tensor_id)id);
        }
    }
}

static bool is_small(const struct norma_problem *problem) {
    return problem->n * problem->c * norma_problem_spatial(problem) < 100;
}

Test(mutants, with_functions_that_do_nothing_survive) {
    const struct verify_mutant mutant = {
        .name = "idle", .concerns = is_small, .before = copy_all, .after = do_nothing};
    const struct verify_catch result = show(&mutant);
    cr_expect(!result.caught, "%s: %s", result.text, result.message);
}

Test(mutants, are_caught_by_the_check_that_comes_first) {
    const struct verify_catch result = show(find("tail-doubled"));
    cr_assert(result.caught);
    cr_expect_eq(result.check, VERIFY_CHECK_Y);
    cr_expect_str_eq(result.how, "normal, back");
    cr_expect(strlen(result.text) > 0 && strlen(result.message) > 0);
}

Test(mutants, of_properties_are_caught_by_properties) {
    const struct verify_catch result = show(find("gn-rounds-otherwise"));
    cr_assert(result.caught);
    cr_expect_eq(result.check, VERIFY_CHECK_IDENTITIES);
}

Test(mutants, that_step_over_a_fence_are_faults, .signal = SIGSEGV) {
    show(find("reads-behind"));
}

/* ---- witnesses ------------------------------------------------------------------------------- */

static void expect_several_witnesses(const char *name) {
    const struct verify_catch first = show(find(name));
    const struct verify_catch second = show_rest(find(name), first.tried);
    cr_assert(first.caught && second.caught, "%s", name);
    cr_expect_gt(second.tried, first.tried);
    cr_expect(!show_rest(find(name), 100000).caught);
}

Test(mutants, go_on_behind_the_case_that_noticed) {
    expect_several_witnesses("tail-doubled");
    expect_several_witnesses("gate-step-unclipped");
}

/* ---- by name --------------------------------------------------------------------------------- */

Test(mutants, are_implementations_by_their_names) {
    const struct reference_implementation *first = verify_mutation_named("mutant:tail-doubled");
    const struct reference_implementation *second = verify_mutation_named("mutant:hangs");
    cr_assert(first && second && first != second);
    cr_expect_str_eq(first->name, "mutant:tail-doubled");
    cr_expect_str_eq(second->name, "mutant:hangs");
    cr_expect_eq(verify_mutation_named("mutant:tail-doubled"), first);
    cr_expect_null(verify_mutation_named("mutant:unknown"));
    cr_expect_null(verify_mutation_named("portable"));
}

/* ---- without a check ------------------------------------------------------------------------- */

Test(mutants, survive_without_the_check_that_notices) {
    verify_check_leave_out(VERIFY_CHECK_STATISTICS);
    cr_expect(!show(find("deviation-not-inverted")).caught);
    cr_expect(show(find("tail-doubled")).caught);
}

Test(mutants, survive_without_the_data_that_show) {
    verify_check_leave_out(VERIFY_CHECK_CONSTANT);
    cr_expect(!show(find("no-variance-is-nan")).caught);
}

Test(mutants, survive_without_the_fence) {
    verify_check_leave_out(VERIFY_CHECK_FAULTS);
    cr_expect(!show(find("reads-behind")).caught);
    cr_expect_eq(show(find("writes-behind")).check, VERIFY_CHECK_WRITES);
}

Test(checks, have_names_of_their_own) {
    for (int i = 0; i < VERIFY_CHECK_COUNT; i++) {
        const enum verify_check_kind check = (enum verify_check_kind)i;
        for (int j = 0; j < i; j++) {
            cr_expect_str_neq(verify_check_name(check),
                              verify_check_name((enum verify_check_kind)j));
        }
        cr_expect(verify_check_wanted(check));
        cr_expect(strlen(verify_check_text(check)) > 0);
    }
    cr_expect_null(verify_check_name(VERIFY_CHECK_COUNT));
}
