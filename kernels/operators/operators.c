/* The table of operators, generated from the list in norma.h: NORMA_BN is norma_rules_bn.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "operators/operator.h"

#define NORMA_DECLARE(upper, lower, text)                                                          \
    extern const struct norma_operator_rules norma_rules_##lower;
NORMA_OPERATORS(NORMA_DECLARE)

static const struct norma_operator_rules *const rules[NORMA_OPERATOR_COUNT] = {
#define NORMA_ENTRY(upper, lower, text) [NORMA_##upper] = &norma_rules_##lower,
    NORMA_OPERATORS(NORMA_ENTRY)};

const struct norma_operator_rules *norma_operator_rules(norma_operator op) {
    return rules[op];
}
