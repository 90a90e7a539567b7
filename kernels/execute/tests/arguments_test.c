/* Null, overlapping and empty arguments, and the tensors that execution writes: every operator in
 * every variant, pass and epilogue, by the table of its tensors.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <limits.h>
#include <norma_tools.h>
#include <stdio.h>
#include <string.h>

#include "kernels/tests/bundle.h"
#include "kernels/tests/variants.h"

/* ---- helpers ------------------------------------------------------------------------------ */

/* Names the tensor, and what was done to it, where the status is wrong. */
static void expect_status(const char *text, const char *name, const char *what, norma_status got,
                          norma_status expected) {
    cr_assert(got == expected, "%s, %s %s: status \"%s\", expected \"%s\"", text, name, what,
              norma_strerror(got), norma_strerror(expected));
}

static bool is_output(const struct bundle *bundle, int id) {
    return reference_is_output(&bundle->tensors[id]) && bundle_uses(bundle, id);
}

/* Checks that the explanation of a refusal has the same status, and names the tensor. */
static void expect_explanation(const char *text, const struct bundle *bundle, int id,
                               norma_status expected) {
    char message[160], name[40];
    const norma_status status = bundle_explain(bundle, message, sizeof message);
    snprintf(name, sizeof name, "args.%s", bundle->tensors[id].name);
    expect_status(text, bundle->tensors[id].name, "explained", status, expected);
    const char *found = strstr(message, name);
    cr_assert(found && strchr(" [", found[strlen(name)] ? found[strlen(name)] : ' '),
              "%s, %s: \"%s\"", text, name, message);
}

/* Executes with another pointer, which must be refused, and must leave all bits as they are. */
static void expect_refusal(const char *text, struct bundle *bundle, const struct bundle *untouched,
                           int id, void *pointer, norma_status expected, const char *what) {
    void *const own = bundle->data[id];
    bundle->data[id] = pointer;
    const norma_status status = bundle_execute(bundle, NULL);
    expect_explanation(text, bundle, id, expected);
    bundle->data[id] = own;
    expect_status(text, bundle->tensors[id].name, what, status, expected);
    const char *written = bundle_difference(bundle, untouched, REFERENCE_TENSOR_COUNT);
    cr_assert(!written, "%s, %s %s: refused, but %s was written to", text, bundle->tensors[id].name,
              what, written);
}

/* ---- null --------------------------------------------------------------------------------- */

/* Makes a bundle in which gamma or beta has its default, 1 or 0. */
static struct bundle *with_default(const char *text, int id) {
    struct bundle *bundle = bundle_make(text, 0);
    float *values = bundle->data[id];
    for (int64_t i = 0; reference_is_input(&bundle->tensors[id]) && i < bundle->tensors[id].count;
         i++) {
        values[i] = id == REFERENCE_TENSOR_gamma ? 1.0f : 0.0f;
    }
    return bundle;
}

/* Checks that leaving a tensor out changes no other. Running statistics have no default. */
static void may_be_left_out(const char *text, int id) {
    struct bundle *without = bundle_make(text, 0);
    struct bundle *expected =
        is_output(without, id) ? bundle_make(text, 0) : with_default(text, id);
    without->data[id] = NULL;
    expect_status(text, without->tensors[id].name, "left out", bundle_execute(without, NULL),
                  NORMA_STATUS_OK);
    cr_assert(bundle_execute(expected, NULL) == NORMA_STATUS_OK);
    const char *different = bundle_difference(without, expected, id);
    cr_assert(!different, "%s: %s is another where %s is left out", text, different,
              without->tensors[id].name);
    bundle_free(without);
    bundle_free(expected);
}

static void optional_and_required_pointers(const char *text) {
    struct bundle *bundle = bundle_make(text, 0), *untouched = bundle_make(text, 0);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (!bundle_uses(bundle, id)) {
            continue;
        }
        if (bundle->tensors[id].optional) {
            may_be_left_out(text, id);
        } else {
            expect_refusal(text, bundle, untouched, id, NULL, NORMA_STATUS_NULL, "left out");
        }
    }
    bundle_free(bundle);
    bundle_free(untouched);
}

Test(null, is_refused_where_required_and_changes_nothing_else_where_not) {
    test_for_each_variant("3x6x7", optional_and_required_pointers);
}

static void without_any_option(const char *text) {
    struct bundle *bundle = bundle_make(text, 0), *expected = bundle_make(text, 0);
    const enum reference_tensor_id result = reference_tensor_result(&bundle->problem);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (is_output(bundle, id) && bundle->tensors[id].optional) {
            bundle->data[id] = NULL;
        }
    }
    cr_assert(bundle_execute(bundle, NULL) == NORMA_STATUS_OK, "%s", text);
    cr_assert(bundle_execute(expected, NULL) == NORMA_STATUS_OK, "%s", text);
    cr_assert(memcmp(bundle->data[result], expected->data[result],
                     reference_tensor_bytes(&bundle->tensors[result])) == 0,
              "%s: %s differs where nothing else is requested", text, bundle->tensors[result].name);
    bundle_free(bundle);
    bundle_free(expected);
}

Test(null, is_fine_for_all_that_is_optional_at_once) {
    test_for_each_variant("3x6x7", without_any_option);
    test_for_each_variant("2x3x9001", without_any_option);
}

static void missing_workspace(const char *text) {
    struct bundle *bundle = bundle_make(text, 0), *untouched = bundle_make(text, 0);
    struct norma_plan *plan;
    char message[160], expected[160];
    cr_assert(norma_plan_create(&plan, &bundle->problem, NULL) == NORMA_STATUS_OK);
    const struct norma_args args = reference_tensors_bind(bundle->data);
    const size_t bytes = norma_plan_workspace(plan);
    if (bytes > 0) {
        cr_assert(norma_execute(plan, &args) == NORMA_STATUS_NULL, "%s", text);
        cr_assert(!bundle_difference(bundle, untouched, REFERENCE_TENSOR_COUNT), "%s", text);
        cr_assert(norma_args_check(plan, &args, message, sizeof message) == NORMA_STATUS_NULL);
        snprintf(expected, sizeof expected, "args.workspace must not be NULL; it has %zu bytes",
                 bytes);
        cr_assert(strcmp(message, expected) == 0, "%s: %s", text, message);
    }
    norma_plan_destroy(plan);
    bundle_free(bundle);
    bundle_free(untouched);
}

Test(null, is_refused_as_a_workspace) {
    test_for_each_variant("3x6x7", missing_workspace);
}

Test(null, is_refused_as_a_plan_and_a_problem) {
    const struct norma_problem problem = bundle_problem("in:2x3x4");
    struct norma_plan *plan;
    cr_assert(norma_plan_create(NULL, &problem, NULL) == NORMA_STATUS_NULL);
    cr_assert(norma_plan_create(&plan, NULL, NULL) == NORMA_STATUS_NULL);
    cr_assert(norma_execute(NULL, &(struct norma_args){0}) == NORMA_STATUS_NULL);
    cr_assert(norma_plan_create(&plan, &problem, NULL) == NORMA_STATUS_OK);
    cr_assert(norma_execute(plan, NULL) == NORMA_STATUS_NULL);
    norma_plan_destroy(plan);
    norma_plan_destroy(NULL);
}

Test(null, is_a_plan_without_sizes_and_names) {
    struct norma_description description;
    cr_assert(norma_plan_workspace(NULL) == 0);
    cr_assert(!norma_plan_set(NULL));
    cr_assert(!norma_plan_profile(NULL));
    cr_assert(norma_stage_workspace(NULL) == 0);
    cr_assert(norma_stage_sets(NULL) == 0);
    memset(&description, 0xff, sizeof description);
    norma_plan_describe(NULL, &description);
    cr_assert(!description.set && description.tiles == 0 && description.workspace == 0);
}

Test(null, is_refused_as_a_plan_in_every_step) {
    struct norma_partial_moments moments = {0};
    struct norma_partial_sums sums = {0};
    float value;
    const struct norma_stage_affine affine = {&value, &value, &value};
    const struct norma_args args = {0};
    cr_assert(norma_stage_moments(NULL, &args, &moments) == NORMA_STATUS_NULL);
    cr_assert(norma_stage_coefficients(NULL, &args, &moments, &affine) == NORMA_STATUS_NULL);
    cr_assert(norma_stage_apply(NULL, &args, &affine) == NORMA_STATUS_NULL);
    cr_assert(norma_stage_sums(NULL, &args, &sums) == NORMA_STATUS_NULL);
    cr_assert(norma_stage_gradient(NULL, &args, &sums) == NORMA_STATUS_NULL);
}

/* ---- overlap ------------------------------------------------------------------------------ */

/* Places every output at the first byte of every other tensor, and at its last. */
static void overlapping_pointers(const char *text) {
    struct bundle *bundle = bundle_make(text, 0), *untouched = bundle_make(text, 0);
    const int result = (int)reference_tensor_result(&bundle->problem);
    const int source = (int)reference_tensor_source(&bundle->problem);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        for (int other = 0; is_output(bundle, id) && other < REFERENCE_TENSOR_COUNT; other++) {
            if (id == other || !bundle_uses(bundle, other)) {
                continue;
            }
            char *const first = bundle->data[other];
            char *const last = first + reference_tensor_bytes(&bundle->tensors[other]) - 1;
            const char *const name = bundle->tensors[other].name;
            expect_refusal(text, bundle, untouched, id, last, NORMA_STATUS_OVERLAP, name);
            if (id != result || other != source) {
                expect_refusal(text, bundle, untouched, id, first, NORMA_STATUS_OVERLAP, name);
            }
        }
    }
    bundle_free(bundle);
    bundle_free(untouched);
}

Test(overlap, is_refused_of_every_output_with_every_other_tensor, .timeout = 250) {
    test_for_each_variant("3x6x7", overlapping_pointers);
}

Test(overlap, begins_with_the_last_byte) {
    struct bundle *bundle = bundle_make("in:2x3x4", 0);
    float y[24 + 3];
    memcpy(y + 24, bundle->data[REFERENCE_TENSOR_gamma], 3 * sizeof *y);
    bundle->data[REFERENCE_TENSOR_y] = y;
    bundle->data[REFERENCE_TENSOR_gamma] = y + 24;
    cr_assert(bundle_execute(bundle, NULL) == NORMA_STATUS_OK, "gamma right behind y");
    bundle->data[REFERENCE_TENSOR_gamma] = (char *)(y + 24) - 1;
    cr_assert(bundle_execute(bundle, NULL) == NORMA_STATUS_OVERLAP);
    bundle_free(bundle);
}

Test(overlap, of_inputs_is_allowed) {
    struct bundle *bundle = bundle_make("in:2x3x4:epilogue=add_relu", 0);
    bundle->data[REFERENCE_TENSOR_residual] = bundle->data[REFERENCE_TENSOR_x];
    bundle->data[REFERENCE_TENSOR_beta] = bundle->data[REFERENCE_TENSOR_gamma];
    cr_assert(bundle_execute(bundle, NULL) == NORMA_STATUS_OK);
    bundle_free(bundle);
}

/* ---- empty -------------------------------------------------------------------------------- */

static bool are_zeros(const struct bundle *bundle, int id) {
    const char *bytes = bundle->data[id];
    size_t count = 0;
    while (count < reference_tensor_bytes(&bundle->tensors[id]) && bytes[count] == 0) {
        count++;
    }
    return count == reference_tensor_bytes(&bundle->tensors[id]);
}

/* Checks what an execution does with one tensor: a gradient of zeros, or statistics, which there
 * are none of, or nothing. */
static void empty_tensor(const char *text, const struct norma_plan *plan, int id) {
    struct bundle *bundle = bundle_make(text, 0), *untouched = bundle_make(text, 0);
    const bool backward = reference_is_backward(&bundle->problem);
    void *alone[REFERENCE_TENSOR_COUNT] = {NULL};
    alone[id] = bundle->data[id];
    const struct norma_args args = reference_tensors_bind(alone);
    expect_status(text, bundle->tensors[id].name, "alone", norma_execute(plan, &args),
                  is_output(bundle, id) && !backward ? NORMA_STATUS_EMPTY : NORMA_STATUS_OK);
    const bool written = is_output(bundle, id) && backward;
    cr_assert(!written || are_zeros(bundle, id), "%s: %s", text, bundle->tensors[id].name);
    cr_assert(!bundle_difference(bundle, untouched, written ? id : REFERENCE_TENSOR_COUNT), "%s",
              text);
    bundle_free(bundle);
    bundle_free(untouched);
}

/* Tensors that overlap are refused, though nothing is computed. */
static void overlapping_gradients(const struct bundle *bundle, const struct norma_plan *plan) {
    float values[8];
    struct norma_args args = {.dgamma = values, .dbeta = values + 1};
    if (bundle_uses(bundle, REFERENCE_TENSOR_dbeta) && bundle->problem.c > 1) {
        cr_assert(norma_execute(plan, &args) == NORMA_STATUS_OVERLAP);
    }
}

static void empty_tensors(const char *text) {
    struct bundle *bundle = bundle_make(text, 0);
    struct norma_plan *plan;
    cr_assert(norma_plan_create(&plan, &bundle->problem, NULL) == NORMA_STATUS_OK);
    cr_assert(norma_plan_workspace(plan) == 0);
    cr_assert(norma_execute(plan, &(struct norma_args){0}) == NORMA_STATUS_OK, "%s", text);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        empty_tensor(text, plan, id);
    }
    if (bundle_uses(bundle, REFERENCE_TENSOR_dgamma)) {
        overlapping_gradients(bundle, plan);
    }
    norma_plan_destroy(plan);
    bundle_free(bundle);
}

Test(empty, tensors_need_nothing_and_have_no_statistics_and_gradients_of_zero) {
    test_for_each_variant("0x6x7", empty_tensors);
    test_for_each_variant("3x0x7", empty_tensors);
    test_for_each_variant("3x6x0", empty_tensors);
}

/* ---- what is written ---------------------------------------------------------------------- */

/* Checks that inputs keep their bits, and that outputs do not depend on their earlier values. */
static void inputs_and_outputs(const char *text) {
    struct bundle *a = bundle_make(text, 0), *b = bundle_make(text, 0);
    struct bundle *untouched = bundle_make(text, 0);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (bundle_uses(b, id) && !reference_is_input(&b->tensors[id])) {
            memset(b->data[id], 0x7f, reference_tensor_bytes(&b->tensors[id]));
        }
    }
    cr_assert(bundle_execute(a, NULL) == NORMA_STATUS_OK, "%s", text);
    cr_assert(bundle_execute(b, NULL) == NORMA_STATUS_OK, "%s", text);
    const char *different = bundle_difference(a, b, REFERENCE_TENSOR_COUNT);
    cr_assert(!different, "%s: %s is not overwritten everywhere", text, different);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const bool same =
            !bundle_uses(a, id) ||
            memcmp(a->data[id], untouched->data[id], reference_tensor_bytes(&a->tensors[id])) == 0;
        cr_assert(same || is_output(a, id), "%s: %s is written to", text, a->tensors[id].name);
        cr_assert(!same || !is_output(a, id), "%s: %s is as before", text, a->tensors[id].name);
    }
    bundle_free(a);
    bundle_free(b);
    bundle_free(untouched);
}

Test(outputs, are_overwritten_everywhere_and_inputs_nowhere) {
    test_for_each_variant("3x6x7", inputs_and_outputs);
    test_for_each_variant("2x3x9001", inputs_and_outputs);
}

/* ---- sentences ---------------------------------------------------------------------------- */

static void nothing_is_wrong(const char *text) {
    struct bundle *bundle = bundle_make(text, 0), *untouched = bundle_make(text, 0);
    char message[8] = "before";
    cr_assert(bundle_explain(bundle, message, sizeof message) == NORMA_STATUS_OK, "%s", text);
    cr_assert(!*message, "%s: %s", text, message);
    cr_assert(!bundle_difference(bundle, untouched, REFERENCE_TENSOR_COUNT), "%s", text);
    bundle_free(bundle);
    bundle_free(untouched);
}

Test(sentences, are_empty_where_nothing_is_wrong) {
    test_for_each_variant("3x6x7", nothing_is_wrong);
}

/* Checks the sentence that a pointer gets. */
static void expect_sentence(const char *text, int id, void *pointer, const char *sentence) {
    struct bundle *bundle = bundle_make(text, 0);
    char message[160];
    bundle->data[id] = pointer;
    bundle_explain(bundle, message, sizeof message);
    cr_assert(strcmp(message, sentence) == 0, "%s: %s", text, message);
    bundle_free(bundle);
}

Test(sentences, name_what_is_missing) {
    expect_sentence("bn:2x3x4:pass=inf", REFERENCE_TENSOR_running_mean, NULL,
                    "args.running_mean must not be NULL");
    expect_sentence("unit:2x3x4:pass=bwd", REFERENCE_TENSOR_dx, NULL, "args.dx must not be NULL");
    expect_sentence("rms:2x3x0", REFERENCE_TENSOR_inverse_std, (float[2]){0},
                    "args.inverse_std must be NULL, as there are no elements that it is of");
}

Test(sentences, name_both_that_overlap_the_output_first) {
    struct bundle *bundle = bundle_make("in:2x3x4:epilogue=add_relu", 0);
    float memory[64];
    char message[160];
    bundle->data[REFERENCE_TENSOR_y] = memory;
    bundle->data[REFERENCE_TENSOR_residual] = memory;
    cr_assert(bundle_explain(bundle, message, sizeof message) == NORMA_STATUS_OVERLAP);
    cr_assert(strcmp(message, "args.y overlaps args.residual") == 0, "%s", message);
    bundle->data[REFERENCE_TENSOR_residual] = memory + 32;
    bundle->data[REFERENCE_TENSOR_x] = memory + 1;
    cr_assert(bundle_explain(bundle, message, sizeof message) == NORMA_STATUS_OVERLAP);
    cr_assert(strcmp(message, "args.y overlaps args.x") == 0, "%s", message);
    bundle_free(bundle);
}

Test(sentences, are_cut_where_there_is_no_room) {
    char message[5] = "****";
    cr_assert(norma_args_check(NULL, NULL, message, 4) == NORMA_STATUS_NULL);
    cr_assert(strcmp(message, "pla") == 0 && message[4] == 0);
    cr_assert(norma_args_check(NULL, NULL, message, 0) == NORMA_STATUS_NULL);
    cr_assert(norma_args_check(NULL, NULL, NULL, 4) == NORMA_STATUS_NULL);
    cr_assert(strcmp(message, "pla") == 0);
}

Test(sentences, are_there_for_the_steps) {
    struct bundle *bundle = bundle_make("bn:2x3x4", 0), *other = bundle_make("adain:2x3x4", 0);
    struct norma_args args = reference_tensors_bind(bundle->data);
    struct norma_plan *plan;
    char message[160], expected[160];
    cr_assert(norma_plan_create(&plan, &bundle->problem, NULL) == NORMA_STATUS_OK);
    cr_assert(norma_stage_check(plan, &args, message, sizeof message) == NORMA_STATUS_NULL);
    snprintf(expected, sizeof expected, "args.workspace must not be NULL; it has %zu bytes",
             norma_stage_workspace(plan));
    cr_assert(strcmp(message, expected) == 0, "%s", message);
    args.x = NULL;
    cr_assert(norma_stage_check(plan, &args, message, sizeof message) == NORMA_STATUS_NULL);
    cr_assert(strcmp(message, "args.x must not be NULL") == 0, "%s", message);
    cr_assert(norma_stage_check(NULL, &args, message, sizeof message) == NORMA_STATUS_NULL);
    cr_assert(strcmp(message, "plan must not be NULL") == 0, "%s", message);
    norma_plan_destroy(plan);
    cr_assert(norma_plan_create(&plan, &other->problem, NULL) == NORMA_STATUS_OK);
    cr_assert(norma_stage_check(plan, &args, message, sizeof message) == NORMA_STATUS_UNSUPPORTED);
    cr_assert(strstr(message, "has no steps"), "%s", message);
    norma_plan_destroy(plan);
    bundle_free(bundle);
    bundle_free(other);
}

/* ---- plans -------------------------------------------------------------------------------- */

/* Checks that creation fails so, and leaves NULL where another pointer was. */
static void expect_no_plan(const struct norma_problem *problem, const struct norma_options *options,
                           norma_status expected) {
    struct norma_plan *plan = (struct norma_plan *)(uintptr_t)64;
    const norma_status status = norma_plan_create(&plan, problem, options);
    cr_assert(status == expected, "%s", norma_strerror(status));
    cr_assert(!plan);
}

Test(plans, are_not_made_of_invalid_problems_and_unknown_sets) {
    struct norma_problem problem = bundle_problem("gn:2x6x4:g=3");
    problem.groups = 4;
    expect_no_plan(&problem, NULL, NORMA_STATUS_INVALID);
    expect_no_plan(NULL, NULL, NORMA_STATUS_NULL);
    problem.groups = 3;
    expect_no_plan(&problem, &(struct norma_options){.sets = "sse9"}, NORMA_STATUS_UNKNOWN_SET);
    expect_no_plan(&problem, &(struct norma_options){.threads = -1}, NORMA_STATUS_INVALID);
    expect_no_plan(&problem, &(struct norma_options){.threads = INT_MIN}, NORMA_STATUS_INVALID);
}

Test(plans, are_not_made_of_tensors_beyond_any_address) {
    struct norma_problem problem = bundle_problem("bn:1x1x18014398509481984");
    struct norma_plan *plan;
    cr_assert(norma_plan_create(&plan, &problem, NULL) == NORMA_STATUS_OK, "2^56 bytes");
    norma_plan_destroy(plan);
    problem.spatial[0] = (INT64_C(1) << 60) - 1;
    cr_assert(norma_plan_create(&plan, &problem, NULL) == NORMA_STATUS_INVALID,
              "nearly 2^62 bytes");
    problem.spatial[0] = INT64_C(1) << 60;
    cr_assert(norma_plan_create(&plan, &problem, NULL) == NORMA_STATUS_INVALID, "2^62 bytes");
}
