/* The built-in problems: nothing that an operator can do is left out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "suite.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* A typing error in the table's keys must not look like a pass that an operator has not. */
Test(suite, every_variant_has_forward_and_backward_problems) {
    bool seen[NORMA_OPERATOR_COUNT] = {false};
    for (size_t i = 0; norma_variant(i); i++) {
        const struct norma_variant *variant = norma_variant(i);
        struct norma_problem problem;
        seen[variant->op] = true;
        for (int pass = NORMA_FORWARD; pass <= NORMA_BACKWARD; pass++) {
            cr_assert(norma_variant_problem(variant, "2x16x6x6", (norma_pass)pass,
                                            NORMA_EPILOGUE_NONE, &problem) == NORMA_OK,
                      "%s %s", norma_operator_name(variant->op), variant->keys);
            cr_assert(problem.pass == (norma_pass)pass && problem.op == variant->op);
        }
    }
    for (int op = 0; op < NORMA_OPERATOR_COUNT; op++) {
        cr_assert(seen[op], "%s", norma_operator_name((norma_operator)op));
    }
}

Test(suite, names_of_passes_and_epilogues_are_those_of_the_text) {
    cr_assert(strcmp(norma_pass_name(NORMA_INFERENCE_BACKWARD), "inf_bwd") == 0);
    cr_assert(norma_pass_name((norma_pass)(NORMA_INFERENCE_BACKWARD + 1)) == NULL);
    cr_assert(strcmp(norma_epilogue_name(NORMA_EPILOGUE_ADD_RELU), "add_relu") == 0);
    cr_assert(norma_epilogue_name((norma_epilogue)(NORMA_EPILOGUE_ADD_RELU + 1)) == NULL);
}

/* Apart from the sizes. */
static bool same_kind(const struct norma_problem *a, const struct norma_problem *b) {
    struct norma_problem moved = *a;
    moved.n = b->n;
    moved.c = b->c;
    moved.spatial_rank = b->spatial_rank;
    memcpy(moved.spatial, b->spatial, sizeof moved.spatial);
    moved.groups = b->groups;
    char first[NORMA_PROBLEM_TEXT], second[NORMA_PROBLEM_TEXT];
    norma_problem_print(&moved, first, sizeof first);
    norma_problem_print(b, second, sizeof second);
    return strcmp(first, second) == 0;
}

static size_t count_of_kind(const struct norma_problems *problems,
                            const struct norma_problem *kind) {
    size_t count = 0;
    for (size_t i = 0; i < problems->count; i++) {
        count += same_kind(kind, &problems->list[i]);
    }
    return count;
}

/* Each variant in each pass at several sizes, and each operator with each epilogue. */
static void assert_complete(enum norma_level level, size_t least, size_t least_with_epilogue) {
    struct norma_problems problems = {0};
    cr_assert(norma_suite(level, &problems));
    for (size_t i = 0; norma_variant(i); i++) {
        const bool first = i == 0 || norma_variant(i)->op != norma_variant(i - 1)->op;
        for (int pass = 0; norma_pass_name((norma_pass)pass); pass++) {
            for (int k = 0; norma_epilogue_name((norma_epilogue)k); k++) {
                struct norma_problem kind;
                if (norma_variant_problem(norma_variant(i), "2x16x6x6", (norma_pass)pass,
                                          (norma_epilogue)k, &kind) == NORMA_OK &&
                    (k == 0 || first)) {
                    const size_t count = count_of_kind(&problems, &kind);
                    cr_assert(count >= (k == 0 ? least : least_with_epilogue),
                              "level %d: %zu of %s, %s, %s, %s", level, count,
                              norma_operator_name(kind.op), norma_pass_name(kind.pass),
                              norma_epilogue_name(kind.epilogue), norma_variant(i)->keys);
                }
            }
        }
    }
    free(problems.list);
}

Test(suite, quick_leaves_no_variant_out) {
    assert_complete(NORMA_LEVEL_QUICK, 1, 1);
}

Test(suite, standard_has_each_variant_at_several_sizes) {
    assert_complete(NORMA_LEVEL_STANDARD, 5, 5);
}
