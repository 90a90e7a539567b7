/* The table of operators, generated from the list in norma.h: the descriptor of NORMA_OPERATOR_BN
 * is norma_descriptor_bn. The forms of unitization have descriptors of their own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/operators/operator.h"
#include "kernels/operators/unit.h"

#define NORMA_DECLARE(upper, lower, text)                                                          \
    extern const struct norma_operator_descriptor norma_descriptor_##lower;
NORMA_OPERATORS(NORMA_DECLARE)

static const struct norma_operator_descriptor *const descriptors[NORMA_OPERATOR_COUNT] = {
#define NORMA_ENTRY(upper, lower, text) [NORMA_OPERATOR_##upper] = &norma_descriptor_##lower,
    NORMA_OPERATORS(NORMA_ENTRY)};

static const struct norma_operator_descriptor *const forms[] = {
    [NORMA_FORM_PRACTICAL] = &norma_descriptor_unit,
    [NORMA_FORM_VANILLA] = &norma_descriptor_unit_dividing,
    [NORMA_FORM_SCALAR] = &norma_descriptor_unit_dividing,
    [NORMA_FORM_VECTOR] = &norma_descriptor_unit_dividing,
    [NORMA_FORM_LAYER] = &norma_descriptor_unit_layer,
};

const struct norma_operator_descriptor *norma_descriptor_of(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_UNIT ? forms[problem->form] : descriptors[problem->op];
}

/* Writes the values of a parameter, of the sample's row of a table or of the only one. */
static void fill(const struct norma_channels *channels, const float *parameter, double fallback,
                 double *restrict values) {
    const int64_t at = channels->row * channels->problem->c + channels->first;
    for (int64_t i = 0; i < channels->count; i++) {
        values[i] = parameter ? (double)parameter[at + i] : fallback;
    }
}

void norma_gammas(const struct norma_channels *channels, double *restrict gammas) {
    fill(channels, channels->args->gamma, 1.0, gammas);
}

void norma_betas(const struct norma_channels *channels, double *restrict betas) {
    fill(channels, channels->args->beta, 0.0, betas);
}
