/* The outputs of a problem: where a caller wants each, rounded, and where the reference leaves it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_OUTPUTS_H
#define REFERENCE_OUTPUTS_H

#include "reference/reference.h"

struct reference_output {
    float *destination; /* of norma_args; NULL: not wanted */
    double **value;     /* of reference_reference */
    int64_t count;
};

enum { REFERENCE_MAX_OUTPUTS = 8 }; /* that any one problem has */

struct reference_outputs {
    struct reference_output list[REFERENCE_MAX_OUTPUTS];
    int count;
};

struct reference_outputs reference_outputs_of(const struct norma_problem *problem,
                                              const struct norma_args *args,
                                              struct reference_reference *reference);

/* Questions about a problem that its inputs depend on as well. */
static inline bool reference_is_layer(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_UNIT && problem->form == NORMA_FORM_LAYER;
}

static inline bool reference_has_running(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_BN || problem->op == NORMA_OPERATOR_BIN ||
           reference_is_layer(problem);
}

static inline bool reference_subtracts_mean(const struct norma_problem *problem) {
    return problem->op != NORMA_OPERATOR_RMS &&
           (problem->op != NORMA_OPERATOR_UNIT || reference_is_layer(problem));
}

static inline bool reference_runs_backward(const struct norma_problem *problem) {
    return problem->pass == NORMA_PASS_BACKWARD || problem->pass == NORMA_PASS_INFERENCE_BACKWARD;
}

#endif
