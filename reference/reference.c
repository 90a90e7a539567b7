/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/reference.h"

#include <stdlib.h>

#include "reference/definitions/definitions.h"
#include "reference/layout.h"

/* Waking threads costs more than a small problem does. */
enum { ELEMENTS_WORTH_THREADS = 1 << 15 };

static struct reference_view view_of(const struct norma_problem *problem,
                                     const struct norma_args *args,
                                     const struct reference_result *result) {
    return (struct reference_view){
        .problem = problem,
        .args = args,
        .result = result,
        .n = problem->n,
        .c = problem->c,
        .s = norma_problem_spatial(problem),
        .backward = reference_is_backward(problem),
        .parallel = reference_elements(problem) >= ELEMENTS_WORTH_THREADS,
    };
}

/* Returns the number of entries of view->statistics that the operator needs. */
static size_t scratch_statistics(const struct reference_view *view) {
    if (view->problem->op == NORMA_OPERATOR_ADAIN) {
        return (size_t)(view->n * norma_problem_sample_styles(view->problem) * view->c);
    }
    return view->problem->form == NORMA_FORM_LAYER && !view->backward ? (size_t)view->c : 0;
}

/* Returns the number of entries of view->given that the operator needs. */
static size_t scratch_given(const struct reference_view *view) {
    const int64_t instances = reference_facts_of(view->problem)->instances ? view->n * view->c : 0;
    return view->backward ? (size_t)(norma_problem_statistics(view->problem) + instances) : 0;
}

/* Returns the number of entries of view->samples that the operator needs. */
static size_t scratch_samples(const struct reference_view *view) {
    return view->problem->form == NORMA_FORM_LAYER && view->backward ? 2 * (size_t)view->n : 0;
}

/* Stores the gradient of the residual: dy, where the ReLU was open. */
static void put_dresidual(const struct reference_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t i = 0; i < reference_elements(view->problem); i++) {
        view->result->dresidual[i] = reference_dy(view, i);
    }
}

static void run(const struct reference_view *view) {
    switch (view->problem->op) {
#define REFERENCE_CASE(upper, lower, text)                                                         \
    case NORMA_OPERATOR_##upper:                                                                   \
        reference_##lower(view);                                                                   \
        break;
        NORMA_OPERATORS(REFERENCE_CASE)
#undef REFERENCE_CASE
    case NORMA_OPERATOR_COUNT:
        break;
    }
    if (view->backward && view->result->dresidual) {
        put_dresidual(view);
    }
}

static norma_status run_channels_first(const struct norma_problem *problem,
                                       const struct norma_args *args,
                                       const struct reference_result *result) {
    struct reference_view view = view_of(problem, args, result);
    view.statistics = calloc(scratch_statistics(&view) + 1, sizeof *view.statistics);
    view.samples = calloc(scratch_samples(&view) + 1, sizeof *view.samples);
    view.given = calloc(scratch_given(&view) + 1, sizeof *view.given);
    const bool complete = view.statistics && view.samples && view.given;
    if (complete) {
        run(&view);
    }
    free(view.statistics);
    free(view.samples);
    free(view.given);
    return complete ? NORMA_STATUS_OK : NORMA_STATUS_NO_MEMORY;
}

norma_status reference_run(const struct norma_problem *problem, const struct norma_args *args,
                           const struct reference_result *result) {
    if (reference_elements(problem) == 0) {
        return NORMA_STATUS_OK;
    }
    if (problem->layout == NORMA_LAYOUT_NSC) {
        return reference_channels_last(problem, args, result, run_channels_first);
    }
    return run_channels_first(problem, args, result);
}

/* Returns a NaN as such, because it is neither below 0 nor above 1. */
double reference_gate_update(double rho, double drho, double rate, double multiple) {
    const double updated = rho - multiple * rate * drho;
    if (updated < 0.0) {
        return 0.0;
    }
    return updated > 1.0 ? 1.0 : updated;
}
