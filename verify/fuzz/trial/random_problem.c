/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/fuzz/trial/random_problem.h"

/* ---- sizes -------------------------------------------------------------------------------- */

/* Returns mostly sizes of registers and tiles, and their neighbours; seldom 0. */
static int64_t random_size(struct fuzz_choices *choices) {
    static const int64_t sizes[] = {1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 70};
    if (fuzz_chance(choices, 40)) {
        return 0;
    }
    return fuzz_chance(choices, 3) ? 1 + (int64_t)fuzz_choose(choices, 70)
                                   : sizes[fuzz_choose(choices, sizeof sizes / sizeof *sizes)];
}

/* Returns mostly few samples, because the other sizes have the borders of loops. */
static int64_t random_samples(struct fuzz_choices *choices) {
    return fuzz_chance(choices, 4) ? random_size(choices) : 1 + (int64_t)fuzz_choose(choices, 7);
}

/* Returns a size around a number of elements at which code changes its way: blocks of 2048 and
 * chunks of 4096 elements, and fractions of these. */
static int64_t random_long_size(struct fuzz_choices *choices) {
    static const int64_t sizes[] = {256, 512, 1024, 2048, 4096, 8192};
    return sizes[fuzz_choose(choices, sizeof sizes / sizeof *sizes)] - 1 +
           (int64_t)fuzz_choose(choices, 3);
}

/* Returns the size, or the most that *room has left for it, and takes it off the room. */
static int64_t fit(int64_t size, int64_t *room) {
    const int64_t fitted = size < *room ? size : *room;
    *room /= fitted > 0 ? fitted : 1;
    return fitted;
}

static int random_sizes(struct fuzz_choices *choices, int64_t room,
                        int64_t sizes[NORMA_MAX_SPATIAL]) {
    const int rank = (int)fuzz_choose(choices, NORMA_MAX_SPATIAL + 1);
    for (int i = 0; i < rank; i++) {
        const bool is_long = fuzz_chance(choices, 12);
        sizes[i] = fit(is_long ? random_long_size(choices) : random_size(choices), &room);
    }
    return rank;
}

static void choose_shape(struct fuzz_choices *choices, int64_t room,
                         struct norma_problem *problem) {
    problem->n = fit(random_samples(choices), &room);
    const bool is_long = fuzz_chance(choices, 12);
    problem->c = fit(is_long ? random_long_size(choices) : random_size(choices), &room);
    problem->spatial_rank = random_sizes(choices, room, problem->spatial);
}

/* ---- operators ---------------------------------------------------------------------------- */

static double random_share(struct fuzz_choices *choices) {
    return (double)fuzz_choose(choices, 101) / 100.0;
}

static void choose_style(struct fuzz_choices *choices, int64_t room,
                         struct norma_problem *problem) {
    problem->alpha = fuzz_chance(choices, 2) ? random_share(choices) : 1;
    problem->style_source = (norma_style_source)fuzz_choose(choices, 3);
    problem->style_unbiased = problem->style_source != NORMA_STYLE_STATS && fuzz_chance(choices, 2);
    if (problem->style_source != NORMA_STYLE_SWAP) {
        problem->styles = fuzz_chance(choices, 2) ? 1 + (int64_t)fuzz_choose(choices, 4) : 1;
    }
    if (problem->style_source != NORMA_STYLE_SWAP && problem->styles == 1) {
        problem->regions = fuzz_chance(choices, 2) ? 1 + (int64_t)fuzz_choose(choices, 20) : 1;
    }
    if (problem->style_source == NORMA_STYLE_TENSOR && fuzz_chance(choices, 2)) {
        const int64_t planes = problem->n * problem->c * norma_problem_sample_styles(problem);
        problem->style_rank =
            random_sizes(choices, planes > 0 ? room / planes : room, problem->style_spatial);
    }
}

static void choose_form(struct fuzz_choices *choices, struct norma_problem *problem) {
    static const struct {
        norma_unit_form form;
        norma_alpha_kind kind;
    } forms[] = {
        {NORMA_FORM_PRACTICAL, NORMA_ALPHA_CHANNEL}, {NORMA_FORM_PRACTICAL, NORMA_ALPHA_SCALAR},
        {NORMA_FORM_PRACTICAL, NORMA_ALPHA_ELEMENT}, {NORMA_FORM_VANILLA, NORMA_ALPHA_SCALAR},
        {NORMA_FORM_SCALAR, NORMA_ALPHA_SCALAR},     {NORMA_FORM_VECTOR, NORMA_ALPHA_CHANNEL},
        {NORMA_FORM_VECTOR, NORMA_ALPHA_ELEMENT},    {NORMA_FORM_LAYER, NORMA_ALPHA_CHANNEL},
        {NORMA_FORM_LAYER, NORMA_ALPHA_SCALAR},
    };
    const size_t which = fuzz_choose(choices, sizeof forms / sizeof *forms);
    problem->form = forms[which].form;
    problem->alpha_kind = forms[which].kind;
    if (problem->alpha_kind == NORMA_ALPHA_SCALAR && problem->form != NORMA_FORM_VANILLA) {
        problem->alpha = random_share(choices);
    }
    if (problem->form == NORMA_FORM_LAYER) {
        problem->norm_scale = 0.5 + random_share(choices);
        problem->momentum = random_share(choices);
    }
}

/* Returns a number of groups that divides the channels. */
static int64_t random_groups(struct fuzz_choices *choices, int64_t channels) {
    int64_t groups = 1 + (int64_t)fuzz_choose(choices, channels > 0 ? (size_t)channels : 1);
    while (channels % groups != 0) {
        groups--;
    }
    return groups;
}

/* Chooses the fields that only some operators have. */
static void choose_own(struct fuzz_choices *choices, int64_t room, struct norma_problem *problem) {
    switch (problem->op) {
    case NORMA_OPERATOR_BN:
        problem->momentum = random_share(choices);
        break;
    case NORMA_OPERATOR_BIN:
        problem->momentum = random_share(choices);
        problem->rho_fixed = fuzz_chance(choices, 2);
        problem->rho = problem->rho_fixed ? random_share(choices) : 0;
        break;
    case NORMA_OPERATOR_CIN:
        problem->styles = 1 + (int64_t)fuzz_choose(choices, 5);
        break;
    case NORMA_OPERATOR_GN:
        problem->groups = random_groups(choices, problem->c);
        break;
    case NORMA_OPERATOR_ADAIN:
        choose_style(choices, room, problem);
        break;
    case NORMA_OPERATOR_UNIT:
        choose_form(choices, problem);
        break;
    default:
        break;
    }
}

static struct norma_problem choose_problem(struct fuzz_choices *choices, int64_t room) {
    static const double epsilons[] = {1e-5, 1e-3, 0.1, 1.0, 0.0};
    const norma_operator op = (norma_operator)fuzz_choose(choices, NORMA_OPERATOR_COUNT);
    struct norma_problem problem = norma_problem_default(op);
    problem.pass = (norma_pass)fuzz_choose(choices, 4);
    problem.layout = (norma_layout)fuzz_choose(choices, 2);
    problem.epilogue = (norma_epilogue)fuzz_choose(choices, 3);
    choose_shape(choices, room, &problem);
    choose_own(choices, room, &problem);
    if (op != NORMA_OPERATOR_UNIT || problem.form == NORMA_FORM_PRACTICAL ||
        problem.form == NORMA_FORM_LAYER) {
        problem.epsilon = epsilons[fuzz_choose(choices, sizeof epsilons / sizeof *epsilons)];
    }
    return problem;
}

static bool is_small(const struct norma_problem *problem, int64_t most) {
    const int64_t planes = problem->n * problem->c;
    return planes * norma_problem_spatial(problem) <= most &&
           planes * norma_problem_sample_styles(problem) * norma_problem_style_spatial(problem) <=
               most;
}

/* Ends when the bytes are used up at the latest, as the first choices make a valid problem. */
struct norma_problem fuzz_random_problem(struct fuzz_choices *choices, int64_t most_elements) {
    struct norma_problem problem;
    do {
        problem = choose_problem(choices, most_elements);
    } while (norma_problem_check(&problem, NULL, 0) != NORMA_STATUS_OK ||
             !is_small(&problem, most_elements));
    return problem;
}
