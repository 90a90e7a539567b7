/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/tests/texts.h"

#include <criterion/criterion.h>
#include <string.h>

const char *test_print(const struct norma_problem *problem, char text[NORMA_PROBLEM_TEXT]) {
    const size_t length = norma_problem_print(problem, text, NORMA_PROBLEM_TEXT);
    cr_assert_lt(length, (size_t)NORMA_PROBLEM_TEXT);
    cr_assert_eq(length, strlen(text));
    return text;
}

static bool same_sizes(int rank_a, const int64_t *a, int rank_b, const int64_t *b) {
    return rank_a == rank_b && memcmp(a, b, NORMA_MAX_SPATIAL * sizeof *a) == 0;
}

bool test_same_problem(const struct norma_problem *a, const struct norma_problem *b) {
    return a->op == b->op && a->pass == b->pass && a->dtype == b->dtype && a->layout == b->layout &&
           a->n == b->n && a->c == b->c &&
           same_sizes(a->spatial_rank, a->spatial, b->spatial_rank, b->spatial) &&
           a->epsilon == b->epsilon && a->momentum == b->momentum && a->groups == b->groups &&
           a->rho_fixed == b->rho_fixed && a->rho == b->rho && a->alpha_kind == b->alpha_kind &&
           a->alpha == b->alpha && a->epilogue == b->epilogue && a->styles == b->styles &&
           a->regions == b->regions && a->form == b->form && a->norm_scale == b->norm_scale &&
           a->style_unbiased == b->style_unbiased && a->style_source == b->style_source &&
           same_sizes(a->style_rank, a->style_spatial, b->style_rank, b->style_spatial);
}

void test_round_trip(const struct norma_problem *problem, const char *hint) {
    char text[NORMA_PROBLEM_TEXT], again[NORMA_PROBLEM_TEXT];
    struct norma_problem back;
    struct norma_parse_error error;
    test_print(problem, text);
    const norma_status status = norma_problem_parse(text, &back, &error);
    cr_assert_eq(status, NORMA_STATUS_OK, "%s: '%s' at %zu: %s", hint, text, error.position,
                 error.message);
    cr_assert(test_same_problem(problem, &back),
              "%s: '%s' is not the problem that it was printed from", hint, text);
    cr_assert_str_eq(test_print(&back, again), text, "%s: '%s', then '%s'", hint, text, again);
}
