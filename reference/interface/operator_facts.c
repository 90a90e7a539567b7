/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/interface/operator_facts.h"

#define SETS(name) .sets = REFERENCE_SETS_##name
#define AFFINE     .gamma = true, .beta = true

static const struct reference_operator_facts operators[NORMA_OPERATOR_COUNT] = {
    [NORMA_OPERATOR_BN] = {SETS(CHANNEL), .mean = true, .epsilon = true, .running = true, AFFINE},
    [NORMA_OPERATOR_IN] = {SETS(PLANE), .mean = true, .epsilon = true, AFFINE},
    [NORMA_OPERATOR_CIN] = {SETS(PLANE), .mean = true, .epsilon = true, .style_index = true,
                            AFFINE},
    [NORMA_OPERATOR_BIN] = {SETS(CHANNEL), .mean = true, .epsilon = true, .running = true,
                            .instances = true, .rho = true, AFFINE},
    [NORMA_OPERATOR_ADAIN] = {SETS(PLANE), .mean = true, .epsilon = true, .style = true},
    [NORMA_OPERATOR_GN] = {SETS(GROUP), .mean = true, .epsilon = true, AFFINE},
    [NORMA_OPERATOR_LN] = {SETS(SAMPLE), .mean = true, .epsilon = true, AFFINE},
    [NORMA_OPERATOR_RMS] = {SETS(SAMPLE), .epsilon = true, .gamma = true},
    [NORMA_OPERATOR_UNIT] = {SETS(SAMPLE), .epsilon = true, .alpha = true},
};

/* unit in its forms vanilla, scalar and vector. */
static const struct reference_operator_facts unit_by_division = {SETS(SAMPLE), .alpha = true};

/* unit in its form layer. */
static const struct reference_operator_facts unit_layer = {
    SETS(CHANNEL), .mean = true, .epsilon = true, .running = true, .alpha = true, AFFINE};

const struct reference_operator_facts *reference_facts_of(const struct norma_problem *problem) {
    if (problem->op != NORMA_OPERATOR_UNIT || problem->form == NORMA_FORM_PRACTICAL) {
        return &operators[problem->op];
    }
    return problem->form == NORMA_FORM_LAYER ? &unit_layer : &unit_by_division;
}

int64_t reference_channels_per_set(const struct norma_problem *problem) {
    switch (reference_facts_of(problem)->sets) {
    case REFERENCE_SETS_GROUP:
        return problem->c / problem->groups;
    case REFERENCE_SETS_SAMPLE:
        return problem->c;
    case REFERENCE_SETS_CHANNEL:
    case REFERENCE_SETS_PLANE:
        break;
    }
    return 1;
}

int64_t reference_planes_per_set(const struct norma_problem *problem) {
    return reference_facts_of(problem)->sets == REFERENCE_SETS_CHANNEL
               ? problem->n
               : reference_channels_per_set(problem);
}

int64_t reference_set_of(const struct norma_problem *problem, int64_t plane, int64_t region) {
    const int64_t n = plane / problem->c, c = plane % problem->c;
    switch (reference_facts_of(problem)->sets) {
    case REFERENCE_SETS_CHANNEL:
        return c;
    case REFERENCE_SETS_PLANE:
        return (n * reference_regions(problem) + region) * problem->c + c;
    case REFERENCE_SETS_GROUP:
    case REFERENCE_SETS_SAMPLE:
        break;
    }
    return plane / reference_channels_per_set(problem);
}

int64_t reference_first_plane(const struct norma_problem *problem, int64_t set) {
    return set * reference_channels_per_set(problem);
}
