/* The outputs of a problem: where a caller wants each, rounded, and where the reference leaves it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_REFERENCE_OUTPUTS_H
#define NORMA_REFERENCE_OUTPUTS_H

#include "reference.h"

struct norma_output {
    float *destination; /* of norma_args; NULL: not wanted */
    double **value;     /* of norma_reference */
    int64_t count;
};

enum { NORMA_MAX_OUTPUTS = 8 }; /* that any one problem has */

struct norma_outputs {
    struct norma_output list[NORMA_MAX_OUTPUTS];
    int count;
};

struct norma_outputs norma_outputs_of(const struct norma_problem *problem,
                                      const struct norma_args *args,
                                      struct norma_reference *reference);

/* Questions about a problem that its inputs depend on as well. */
static inline bool norma_is_layer(const struct norma_problem *problem) {
    return problem->op == NORMA_UNIT && problem->form == NORMA_FORM_LAYER;
}

static inline bool norma_has_running(const struct norma_problem *problem) {
    return problem->op == NORMA_BN || problem->op == NORMA_BIN || norma_is_layer(problem);
}

static inline bool norma_subtracts_mean(const struct norma_problem *problem) {
    return problem->op != NORMA_RMS && (problem->op != NORMA_UNIT || norma_is_layer(problem));
}

static inline bool norma_runs_backward(const struct norma_problem *problem) {
    return problem->pass == NORMA_BACKWARD || problem->pass == NORMA_INFERENCE_BACKWARD;
}

#endif
