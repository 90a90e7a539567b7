/* Random problems survive the round trip through their texts, and randomly damaged texts are either
 * refused or other problems.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kernels/tests/texts.h"

enum { RANDOM_CASES = 100000 };

/* SplitMix64, for which every seed is a good one, so each case can be its own seed. */
static uint64_t next(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static unsigned below(uint64_t *state, unsigned bound) {
    return (unsigned)(next(state) % bound);
}

static int64_t random_size(uint64_t *state) {
    static const int64_t sizes[] = {0, 1, 2, 3, 7, 16, 48, 56, 64, 100, 256, 1000, 2048};
    const unsigned kind = below(state, 20);
    if (kind == 0) {
        return (int64_t)(next(state) >> (1 + below(state, 63)));
    }
    return kind < 5 ? below(state, 5000) : sizes[below(state, sizeof sizes / sizeof *sizes)];
}

static int random_sizes(uint64_t *state, int64_t sizes[NORMA_MAX_SPATIAL]) {
    const int rank = (int)below(state, NORMA_MAX_SPATIAL + 1);
    for (int i = 0; i < rank; i++) {
        sizes[i] = random_size(state);
    }
    return rank;
}

/* Returns any double by its bits, a decimal as people type it, or an end of the range. */
static double random_real(uint64_t *state) {
    static const double special[] = {0.0,     -0.0,    1.0,    0.5,         0.1, 1e-5,
                                     DBL_MIN, DBL_MAX, 5e-324, DBL_EPSILON, 0.3, 1e22};
    double value;
    uint64_t bits = next(state);
    switch (below(state, 4)) {
    case 0:
        return special[below(state, sizeof special / sizeof *special)];
    case 1:
        return below(state, 1001) / 1000.0;
    case 2:
        return (double)(bits >> 11) / 9007199254740992.0;
    default:
        memcpy(&value, &bits, sizeof value);
        return value;
    }
}

static void random_fields(uint64_t *state, struct norma_problem *problem) {
    switch (problem->op) {
    case NORMA_OPERATOR_BIN:
        problem->rho_fixed = below(state, 2) == 0;
        problem->rho = problem->rho_fixed ? random_real(state) : 0;
        problem->momentum = random_real(state);
        break;
    case NORMA_OPERATOR_BN:
        problem->momentum = random_real(state);
        break;
    case NORMA_OPERATOR_GN:
        problem->groups = INT64_C(1) << below(state, 6);
        if (below(state, 4) == 0) {
            problem->groups = below(state, 2) ? problem->c : random_size(state);
        }
        break;
    case NORMA_OPERATOR_CIN:
        problem->styles = 1 + (int64_t)(next(state) >> (33 + below(state, 30)));
        break;
    case NORMA_OPERATOR_ADAIN:
        problem->alpha = random_real(state);
        problem->style_source = (norma_style_source)below(state, 3);
        problem->style_unbiased = below(state, 2) == 0;
        if (problem->style_source != NORMA_STYLE_SWAP) {
            problem->styles = below(state, 2) ? 1 + below(state, 9) : 1;
            problem->regions = problem->styles == 1 ? 1 + below(state, 256) : 1;
        }
        if (problem->style_source == NORMA_STYLE_TENSOR && below(state, 3) > 0) {
            problem->style_rank = random_sizes(state, problem->style_spatial);
        }
        break;
    case NORMA_OPERATOR_UNIT:
        problem->form = (norma_unit_form)below(state, 5);
        problem->norm_scale = problem->form == NORMA_FORM_LAYER ? random_real(state) : 1;
        problem->momentum = problem->form == NORMA_FORM_LAYER ? random_real(state) : 0.1;
        problem->alpha_kind = (norma_alpha_kind)below(state, 3);
        problem->alpha = problem->alpha_kind == NORMA_ALPHA_SCALAR ? random_real(state) : 1;
        break;
    default:
        break;
    }
}

static struct norma_problem random_problem(uint64_t *state) {
    struct norma_problem problem;
    do {
        problem = norma_problem_default((norma_operator)below(state, NORMA_OPERATOR_COUNT));
        problem.pass = (norma_pass)below(state, 4);
        problem.epilogue = (norma_epilogue)below(state, 3);
        problem.n = random_size(state);
        problem.c = random_size(state);
        problem.spatial_rank = random_sizes(state, problem.spatial);
        problem.epsilon = below(state, 2) ? random_real(state) : 1e-5;
        random_fields(state, &problem);
    } while (norma_problem_check(&problem, NULL, 0) != NORMA_STATUS_OK);
    return problem;
}

Test(random, problems_survive_the_round_trip, .timeout = 250) {
    for (uint64_t seed = 0; seed < RANDOM_CASES; seed++) {
        uint64_t state = seed;
        char hint[32];
        snprintf(hint, sizeof hint, "seed %llu", (unsigned long long)seed);
        const struct norma_problem problem = random_problem(&state);
        test_round_trip(&problem, hint);
    }
}

static char random_byte(uint64_t *state) {
    static const char likely[] = "0123456789xxx:::,,,===..--++eEbningadaiunt pfsrhoml\t";
    return below(state, 4) == 0 ? (char)below(state, 256) : likely[below(state, sizeof likely - 1)];
}

/* Changes, inserts or deletes one byte; the position may be that of the final NUL. */
static void damage(uint64_t *state, char *text) {
    const size_t length = strlen(text), at = below(state, (unsigned)length + 1);
    switch (below(state, 3)) {
    case 0:
        text[at] = at < length ? random_byte(state) : '\0';
        break;
    case 1:
        memmove(text + at + 1, text + at, length + 1 - at);
        text[at] = random_byte(state);
        break;
    default:
        memmove(text + at, text + at + (at < length), length + 1 - at - (at < length));
    }
}

Test(random, damage_is_parsed_or_refused_within_the_text, .timeout = 250) {
    size_t refused = 0;
    for (uint64_t seed = 0; seed < RANDOM_CASES; seed++) {
        uint64_t state = seed;
        char text[NORMA_PROBLEM_TEXT + 8] = "";
        struct norma_problem problem = random_problem(&state);
        norma_problem_print(&problem, text, NORMA_PROBLEM_TEXT);
        for (unsigned i = 0, times = 1 + below(&state, 4); i < times; i++) {
            damage(&state, text);
        }
        struct norma_parse_error error = {SIZE_MAX, ""};
        const norma_status status = norma_problem_parse(text, &problem, &error);
        if (status == NORMA_STATUS_OK) {
            cr_assert_eq(norma_problem_check(&problem, NULL, 0), NORMA_STATUS_OK, "seed %llu: '%s'",
                         (unsigned long long)seed, text);
            test_round_trip(&problem, text);
            continue;
        }
        refused++;
        cr_assert(status == NORMA_STATUS_MALFORMED || status == NORMA_STATUS_INVALID,
                  "seed %llu: '%s'", (unsigned long long)seed, text);
        cr_assert_leq(error.position, strlen(text), "seed %llu: '%s' at %zu",
                      (unsigned long long)seed, text, error.position);
        cr_assert_gt(strlen(error.message), 0, "seed %llu: '%s'", (unsigned long long)seed, text);
    }
    cr_assert(refused > RANDOM_CASES / 4 && refused < RANDOM_CASES, "%zu refused", refused);
}
