/* The property of tensors of more than 2^31 elements holds for norma, and notices mistakes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "verify/harness/harness.h"
#include "verify/mutants/mutation.h"
#include "verify/properties/property_trial.h"

static const struct verify_property *const property = &verify_properties_offsets[0];

/* Has no mistake. */
static const struct verify_mutant control = {.name = "control", .control = true};

static bool is_beyond_8_gib(const struct verify_execution *execution) {
    return reference_elements(&execution->problem) > INT32_MAX;
}

static struct verify_property_result check(const char *text,
                                           const struct reference_implementation *implementation) {
    return verify_property_check(property, text, NORMA_LAYOUT_NSC, implementation, 1);
}

/* Checks a mutant of the fastest set. Skips the test where large tensors cannot be had. */
static struct verify_property_result check_mutant(const char *text,
                                                  const struct verify_mutant *mutant) {
    struct verify_mutation mutation;
    verify_mutation_make(&mutation, mutant, verify_fastest_set(), 0);
    const struct verify_property_result result = check(text, &mutation.implementation);
    if (result.outcome == VERIFY_PROPERTY_SKIPPED) {
        cr_skip("%s", result.message);
    }
    return result;
}

Test(offsets, of_norma_have_64_bits) {
    const struct verify_property_result result = check_mutant("ln:2048x512", &control);
    cr_expect_eq(result.outcome, VERIFY_PROPERTY_HOLDS, "%s", result.message);
    cr_expect_gt(result.checks, 0);
}

/* Expects a message that begins with the large problem. */
static void expect_to_fail(const char *text, const char *large,
                           const struct verify_mutant *mutant) {
    const struct verify_property_result result = check_mutant(text, mutant);
    cr_expect_eq(result.outcome, VERIFY_PROPERTY_FAILS, "%s", text);
    cr_expect(strncmp(result.message, large, strlen(large)) == 0, "%s", result.message);
}

/* Makes the smallest mistake that there is. */
static void step_last(float *data, int64_t count) {
    data[count - 1] = nextafterf(data[count - 1], INFINITY);
}

Test(offsets, notice_the_last_element) {
    const struct verify_mutant forward = {
        .name = "y", .when = is_beyond_8_gib, .output = REFERENCE_TENSOR_y, .corrupt = step_last};
    const struct verify_mutant backward = {
        .name = "dx", .when = is_beyond_8_gib, .output = REFERENCE_TENSOR_dx, .corrupt = step_last};
    expect_to_fail("bn:1x1x1048576:pass=inf", "bn:1x1x2148007936:", &forward);
    expect_to_fail("in:2x64x8192:pass=bwd", "in:4097x64x8192:", &backward);
}

/* Gives the end of x the data that all of the rest has, as reading at the wrong place does. */
static void read_the_beginning(struct verify_execution *execution) {
    float *x = execution->data[REFERENCE_TENSOR_x];
    const size_t half = (size_t)1 << 19;
    if (is_beyond_8_gib(execution)) {
        memcpy(x + ((size_t)1 << 31), x, half * sizeof *x);
    }
}

Test(offsets, notice_reading_other_data) {
    const struct verify_mutant mutant = {.name = "x", .before = read_the_beginning};
    expect_to_fail("ln:2048x512", "ln:4195328x512:", &mutant);
}

static norma_status do_nothing(void *state, const struct norma_args *args) {
    (void)state;
    (void)args;
    return NORMA_STATUS_OK;
}

Test(offsets, fail_where_nothing_is_done) {
    struct reference_implementation idle = *verify_fastest_set();
    idle.execute = do_nothing;
    for (const char *const *text = property->cases; *text; text++) {
        cr_expect_neq(verify_property_check(property, *text, NORMA_LAYOUT_NCS, &idle, 1).outcome,
                      VERIFY_PROPERTY_HOLDS, "%s", *text);
    }
}

Test(offsets, are_checked_of_norma_and_of_no_copy) {
    cr_expect_eq(check(property->cases[0], &reference_implementation_reference).outcome,
                 VERIFY_PROPERTY_SKIPPED);
}
