/* The built-in problems leave out nothing that an operator can do.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/checks/suite.h"

#include "verify/truth/check_kinds.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* A typing error in the table's keys must not look like a pass that an operator lacks. */
Test(suite, every_variant_has_forward_and_backward_problems) {
    bool seen[NORMA_OPERATOR_COUNT] = {false};
    for (size_t i = 0; verify_variant_at(i); i++) {
        const struct verify_variant *variant = verify_variant_at(i);
        struct norma_problem problem;
        seen[variant->op] = true;
        for (int pass = NORMA_PASS_FORWARD; pass <= NORMA_PASS_BACKWARD; pass++) {
            cr_assert(verify_variant_problem(variant, "2x16x6x6", (norma_pass)pass,
                                             NORMA_EPILOGUE_NONE, &problem) == NORMA_STATUS_OK,
                      "%s %s", norma_operator_name(variant->op), variant->keys);
            cr_assert(problem.pass == (norma_pass)pass && problem.op == variant->op);
        }
    }
    for (int op = 0; op < NORMA_OPERATOR_COUNT; op++) {
        cr_assert(seen[op], "%s", norma_operator_name((norma_operator)op));
    }
}

Test(suite, names_are_those_of_the_text) {
    cr_assert(strcmp(norma_pass_name(NORMA_PASS_INFERENCE_BACKWARD), "inf_bwd") == 0);
    cr_assert(norma_pass_name((norma_pass)(NORMA_PASS_INFERENCE_BACKWARD + 1)) == NULL);
    cr_assert(strcmp(norma_epilogue_name(NORMA_EPILOGUE_ADD_RELU), "add_relu") == 0);
    cr_assert(norma_epilogue_name((norma_epilogue)(NORMA_EPILOGUE_ADD_RELU + 1)) == NULL);
    cr_assert(strcmp(norma_layout_name(NORMA_LAYOUT_NSC), "nsc") == 0);
    cr_assert(norma_layout_name((norma_layout)(NORMA_LAYOUT_NSC + 1)) == NULL);
}

/* Prints a problem with sizes that all problems of its kind have in common. */
static void print_kind(struct norma_problem problem, char text[NORMA_PROBLEM_TEXT]) {
    problem.n = 2;
    problem.c = 16;
    problem.groups = problem.op == NORMA_OPERATOR_GN ? 1 : problem.groups;
    problem.spatial_rank = 0;
    memset(problem.spatial, 0, sizeof problem.spatial);
    norma_problem_print(&problem, text, NORMA_PROBLEM_TEXT);
}

typedef char kind_text[NORMA_PROBLEM_TEXT];

static kind_text *kinds_of(const struct verify_problems *problems) {
    kind_text *texts = malloc(problems->count * sizeof *texts);
    for (size_t i = 0; i < problems->count; i++) {
        print_kind(problems->list[i], texts[i]);
    }
    return texts;
}

static size_t count_of_kind(kind_text *texts, size_t problems, const struct norma_problem *kind) {
    kind_text text;
    size_t count = 0;
    print_kind(*kind, text);
    for (size_t i = 0; i < problems; i++) {
        count += strcmp(texts[i], text) == 0;
    }
    return count;
}

/* Checks that a level has each variant in each pass at several sizes, and each operator with each
 * epilogue. */
static void assert_complete(enum verify_level level, norma_layout layout, size_t least,
                            size_t least_with_epilogue) {
    struct verify_problems problems = {0};
    cr_assert(verify_suite(level, &problems));
    kind_text *texts = kinds_of(&problems);
    for (size_t i = 0; verify_variant_at(i); i++) {
        const bool first = i == 0 || verify_variant_at(i)->op != verify_variant_at(i - 1)->op;
        for (int pass = 0; norma_pass_name((norma_pass)pass); pass++) {
            for (int k = 0; norma_epilogue_name((norma_epilogue)k); k++) {
                struct norma_problem kind;
                if (verify_variant_problem(verify_variant_at(i), "2x16x6x6", (norma_pass)pass,
                                           (norma_epilogue)k, &kind) == NORMA_STATUS_OK &&
                    (k == 0 || first)) {
                    kind.layout = layout;
                    const size_t count = count_of_kind(texts, problems.count, &kind);
                    cr_assert(count >= (k == 0 ? least : least_with_epilogue),
                              "level %d, %s: %zu of %s, %s, %s, %s", level,
                              norma_layout_name(layout), count, norma_operator_name(kind.op),
                              norma_pass_name(kind.pass), norma_epilogue_name(kind.epilogue),
                              verify_variant_at(i)->keys);
                }
            }
        }
    }
    free(texts);
    free(problems.list);
}

Test(suite, quick_leaves_no_variant_out) {
    assert_complete(VERIFY_LEVEL_QUICK, NORMA_LAYOUT_NCS, 1, 1);
    assert_complete(VERIFY_LEVEL_QUICK, NORMA_LAYOUT_NSC, 1, 1);
}

Test(suite, standard_has_each_variant_at_several_sizes) {
    assert_complete(VERIFY_LEVEL_STANDARD, NORMA_LAYOUT_NCS, 5, 5);
    assert_complete(VERIFY_LEVEL_STANDARD, NORMA_LAYOUT_NSC, 4, 4);
}

/* ---- long sets ---------------------------------------------------------------------------- */

static size_t count_long(enum verify_level level) {
    struct verify_problems problems = {0};
    size_t count = 0;
    cr_assert(verify_suite(level, &problems));
    for (size_t i = 0; i < problems.count; i++) {
        const struct norma_problem *problem = &problems.list[i];
        const int64_t set =
            (problem->op == NORMA_OPERATOR_BN ? problem->n : 1) * norma_problem_spatial(problem);
        count += set > 1 << 24;
    }
    free(problems.list);
    return count;
}

Test(suite, full_has_more_elements_than_float_counts) {
    cr_expect_eq(count_long(VERIFY_LEVEL_STANDARD), 0);
    cr_expect_geq(count_long(VERIFY_LEVEL_FULL), 2);
}

Test(suite, has_no_long_sets_where_they_are_left_out) {
    verify_check_leave_out(VERIFY_CHECK_LONG);
    cr_expect_eq(count_long(VERIFY_LEVEL_FULL), 0);
}

/* ---- channels-last ------------------------------------------------------------------------ */

/* Kinds of shapes that run through different code channels-last. */
static bool is_one_position(int64_t channels, int64_t positions) {
    return channels > 1 && positions == 1;
}

static bool is_few_channels(int64_t channels, int64_t positions) {
    return channels < 16 && positions > 16;
}

static bool is_whole_vectors(int64_t channels, int64_t positions) {
    return channels % 16 == 0 && positions > 1;
}

static bool is_several_rows_a_vector(int64_t channels, int64_t positions) {
    return channels > 16 && channels < 64 && channels % 16 != 0 && positions > 1;
}

static bool is_tail(int64_t channels, int64_t positions) {
    return channels > 64 && channels % 16 != 0 && positions > 1;
}

static bool is_several_blocks(int64_t channels, int64_t positions) {
    return channels > 256 && positions > 1;
}

static bool is_several_chunks(int64_t channels, int64_t positions) {
    return positions > (channels % 2 ? 4096 : channels > 64 ? 256 : 2048);
}

typedef bool kind_of_shape(int64_t channels, int64_t positions);
static kind_of_shape *const kinds[] = {
    is_one_position, is_few_channels,   is_whole_vectors,  is_several_rows_a_vector,
    is_tail,         is_several_blocks, is_several_chunks,
};

static bool has(const struct verify_problems *problems, norma_operator op, norma_pass pass,
                kind_of_shape *kind) {
    for (size_t i = 0; i < problems->count; i++) {
        const struct norma_problem *problem = &problems->list[i];
        if (problem->layout == NORMA_LAYOUT_NSC && problem->op == op && problem->pass == pass &&
            kind(problem->c, norma_problem_spatial(problem))) {
            return true;
        }
    }
    return false;
}

/* For inf without running statistics one shape is enough, because it runs the code of fwd. */
Test(suite, quick_meets_every_kind_of_shape_channels_last) {
    struct verify_problems problems = {0};
    cr_assert(verify_suite(VERIFY_LEVEL_QUICK, &problems));
    for (size_t i = 0; verify_variant_at(i); i++) {
        const norma_operator op = verify_variant_at(i)->op;
        for (int pass = 0; norma_pass_name((norma_pass)pass); pass++) {
            struct norma_problem problem;
            const bool exists =
                verify_variant_problem(verify_variant_at(i), "2x16x6x6", (norma_pass)pass,
                                       NORMA_EPILOGUE_NONE, &problem) == NORMA_STATUS_OK;
            for (size_t k = 0; exists && k < sizeof kinds / sizeof *kinds; k++) {
                cr_expect(pass == NORMA_PASS_INFERENCE ||
                              has(&problems, op, (norma_pass)pass, kinds[k]),
                          "%s, %s: no shape of kind %zu", norma_operator_name(op),
                          norma_pass_name((norma_pass)pass), k);
            }
        }
    }
    free(problems.list);
}
