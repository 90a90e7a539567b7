/* Fences: a write outside of a tensor, and an element that is not written, do not pass.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/checks/check.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

#include "verify/harness/implementations.h"

/* An implementation, and a fault that is planted into its results. */
static const struct reference_implementation *unmodified;
static void (*plant)(const struct norma_args *args);

static norma_status execute_faulty(void *state, const struct norma_args *args) {
    const norma_status status = unmodified->execute(state, args);
    plant(args);
    return status;
}

static struct verify_verdict check_faulty(void (*fault)(const struct norma_args *),
                                          enum verify_placement placement) {
    struct norma_problem problem;
    cr_assert(norma_problem_parse("in:1x3x5", &problem, NULL) == NORMA_STATUS_OK);
    unmodified = verify_implementation_find("portable");
    plant = fault;
    struct reference_implementation faulty = *unmodified;
    faulty.execute = execute_faulty;
    void *state;
    cr_assert(unmodified->create(unmodified, &state, &problem, 1) == NORMA_STATUS_OK);
    struct verify_truth *truth = verify_truth_create(&problem, VERIFY_DATA_NORMAL, 1);
    struct verify_fences fences = {0};
    const struct verify_setup setup = {VERIFY_DATA_NORMAL, placement};
    const struct verify_subject subject = {&faulty, state, &problem, 1, &fences, 1, NULL};
    const struct verify_verdict verdict = verify_check(&subject, truth, setup);
    verify_fences_release(&fences);
    verify_truth_destroy(truth);
    unmodified->destroy(state);
    return verdict;
}

static void no_fault(const struct norma_args *args) {
    (void)args;
}

static void write_before(const struct norma_args *args) {
    ((float *)args->y)[-1] = 1.0f;
}

static void write_behind(const struct norma_args *args) {
    ((float *)args->y)[15] = 1.0f;
}

static void skip_last(const struct norma_args *args) {
    memset((float *)args->y + 14, 0xff, sizeof(float));
}

Test(check, catches_writes_outside_and_missing_writes_inside) {
    cr_assert(check_faulty(no_fault, VERIFY_PLACE_BACK).passed);
    cr_assert(check_faulty(no_fault, VERIFY_PLACE_IN_PLACE).passed);
    cr_assert(!check_faulty(write_before, VERIFY_PLACE_BACK).passed);
    cr_assert(!check_faulty(write_behind, VERIFY_PLACE_FRONT).passed);
    cr_assert(!check_faulty(write_before, VERIFY_PLACE_UNALIGNED).passed);
    cr_assert(!check_faulty(skip_last, VERIFY_PLACE_FRONT).passed);
}

Test(check, a_step_over_the_fence_behind_is_a_fault, .signal = SIGSEGV) {
    check_faulty(write_behind, VERIFY_PLACE_BACK);
}

Test(check, a_step_over_the_fence_before_is_a_fault, .signal = SIGSEGV) {
    check_faulty(write_before, VERIFY_PLACE_FRONT);
}
