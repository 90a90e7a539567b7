/* The table of operators, generated from the list in norma.h: the descriptor of NORMA_OPERATOR_BN
 * is norma_descriptor_bn. The forms of unitization have descriptors of their own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/operators/operators.h"
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
    if (problem->op == NORMA_OPERATOR_UNIT) {
        return forms[problem->form];
    }
    const bool one_group = problem->op == NORMA_OPERATOR_GN && problem->groups == 1;
    return descriptors[one_group ? NORMA_OPERATOR_LN : problem->op];
}
