/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/outputs.h"

static void add(struct reference_outputs *outputs, float *destination, double **value,
                int64_t count) {
    outputs->list[outputs->count++] = (struct reference_output){destination, value, count};
}

static void add_statistics(const struct norma_problem *problem, const struct norma_args *args,
                           struct reference_reference *reference,
                           struct reference_outputs *outputs) {
    const int64_t sets = norma_problem_statistics(problem);
    if (reference_subtracts_mean(problem)) {
        add(outputs, args->mean, &reference->mean, sets);
    }
    add(outputs, args->inverse_std, &reference->inverse_std, sets);
    if (reference_has_running(problem)) {
        add(outputs, args->running_mean, &reference->running_mean, problem->c);
        add(outputs, args->running_variance, &reference->running_variance, problem->c);
    }
}

static void add_styles(const struct norma_problem *problem, const struct norma_args *args,
                       struct reference_reference *reference, struct reference_outputs *outputs) {
    const int64_t planes = problem->n * norma_problem_sample_styles(problem) * problem->c;
    if (problem->style_source != NORMA_STYLE_STATS) {
        add(outputs, args->style_mean, &reference->style_mean, planes);
        add(outputs, args->style_std, &reference->style_std, planes);
    }
    if (problem->pass == NORMA_PASS_FORWARD && problem->styles == 1 && problem->regions == 1) {
        add(outputs, args->style_loss, &reference->style_loss, problem->n);
    }
}

static void add_forward(const struct norma_problem *problem, const struct norma_args *args,
                        struct reference_reference *reference, struct reference_outputs *outputs) {
    const int64_t planes = problem->n * problem->c;
    add(outputs, args->y, &reference->y, planes * norma_problem_spatial(problem));
    if (problem->pass == NORMA_PASS_FORWARD) {
        add_statistics(problem, args, reference, outputs);
    }
    if (problem->op == NORMA_OPERATOR_BIN) {
        add(outputs, args->instance_mean, &reference->instance_mean, planes);
        add(outputs, args->instance_inverse_std, &reference->instance_inverse_std, planes);
    }
    if (problem->op == NORMA_OPERATOR_ADAIN) {
        add_styles(problem, args, reference, outputs);
    }
}

static void add_affine_gradients(const struct norma_problem *problem, const struct norma_args *args,
                                 struct reference_reference *reference,
                                 struct reference_outputs *outputs) {
    const int64_t rows = problem->op == NORMA_OPERATOR_CIN ? problem->styles : 1;
    if (problem->op == NORMA_OPERATOR_ADAIN ||
        (problem->op == NORMA_OPERATOR_UNIT && !reference_is_layer(problem))) {
        return;
    }
    add(outputs, args->dgamma, &reference->dgamma.value, rows * problem->c);
    if (problem->op != NORMA_OPERATOR_RMS) {
        add(outputs, args->dbeta, &reference->dbeta.value, rows * problem->c);
    }
}

/* How many numbers alpha has; none that can be learnt in the vanilla form. */
static int64_t alphas_of(const struct norma_problem *problem) {
    switch (problem->alpha_kind) {
    case NORMA_ALPHA_CHANNEL:
        return problem->c;
    case NORMA_ALPHA_ELEMENT:
        return problem->c * norma_problem_spatial(problem);
    case NORMA_ALPHA_SCALAR:
        break;
    }
    return problem->form == NORMA_FORM_VANILLA ? 0 : 1;
}

static void add_style_gradients(const struct norma_problem *problem, const struct norma_args *args,
                                struct reference_reference *reference,
                                struct reference_outputs *outputs) {
    const int64_t planes = problem->n * norma_problem_sample_styles(problem) * problem->c;
    if (problem->style_source == NORMA_STYLE_TENSOR) {
        add(outputs, args->dstyle, &reference->dstyle.value,
            planes * norma_problem_style_spatial(problem));
    } else if (problem->style_source == NORMA_STYLE_STATS) {
        add(outputs, args->dstyle_mean, &reference->dstyle_mean.value, planes);
        add(outputs, args->dstyle_std, &reference->dstyle_std.value, planes);
    }
}

static void add_backward(const struct norma_problem *problem, const struct norma_args *args,
                         struct reference_reference *reference, struct reference_outputs *outputs) {
    const int64_t elements = problem->n * problem->c * norma_problem_spatial(problem);
    add(outputs, args->dx, &reference->dx.value, elements);
    if (problem->epilogue == NORMA_EPILOGUE_ADD_RELU) {
        add(outputs, args->dresidual, &reference->dresidual, elements);
    }
    add_affine_gradients(problem, args, reference, outputs);
    if (problem->op == NORMA_OPERATOR_BIN && !problem->rho_fixed) {
        add(outputs, args->drho, &reference->drho.value, problem->c);
    }
    if (problem->op == NORMA_OPERATOR_UNIT) {
        add(outputs, args->dalpha, &reference->dalpha.value, alphas_of(problem));
    }
    if (problem->op == NORMA_OPERATOR_ADAIN) {
        add_style_gradients(problem, args, reference, outputs);
    }
}

struct reference_outputs reference_outputs_of(const struct norma_problem *problem,
                                              const struct norma_args *args,
                                              struct reference_reference *reference) {
    struct reference_outputs outputs = {.count = 0};
    if (reference_runs_backward(problem)) {
        add_backward(problem, args, reference, &outputs);
    } else {
        add_forward(problem, args, reference, &outputs);
    }
    return outputs;
}
