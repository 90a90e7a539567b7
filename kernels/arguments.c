/* SPDX-License-Identifier: Apache-2.0 */
#include "arguments.h"

enum role { REQUIRED_INPUT, OPTIONAL_INPUT, REQUIRED_OUTPUT, OPTIONAL_OUTPUT };

struct argument {
    const void *pointer;
    int64_t elements;
    enum role role;
};

enum { MAX_ARGUMENTS = 16 };

struct arguments {
    struct argument list[MAX_ARGUMENTS];
    int count;
};

static void add(struct arguments *arguments, const void *pointer, int64_t elements,
                enum role role) {
    arguments->list[arguments->count++] = (struct argument){pointer, elements, role};
}

static void add_parameters(struct arguments *arguments, const struct norma_plan *plan,
                           const struct norma_args *args) {
    const struct norma_problem *problem = &plan->problem;
    if (plan->rules->affine) {
        add(arguments, args->gamma, problem->c, OPTIONAL_INPUT);
        add(arguments, args->beta, problem->c, OPTIONAL_INPUT);
    }
    if (plan->rules->gate && !problem->rho_fixed) {
        add(arguments, args->rho, problem->c, REQUIRED_INPUT);
    }
    if (plan->rules->weight && problem->alpha_kind != NORMA_ALPHA_SCALAR) {
        const bool element = problem->alpha_kind == NORMA_ALPHA_ELEMENT;
        add(arguments, args->alpha, problem->c * (element ? plan->spatial : 1), REQUIRED_INPUT);
    }
}

static void add_style(struct arguments *arguments, const struct norma_plan *plan,
                      const struct norma_args *args) {
    const int64_t planes = plan->problem.n * plan->problem.c;
    if (plan->problem.style_source == NORMA_STYLE_TENSOR) {
        add(arguments, args->style, planes * plan->style_spatial, REQUIRED_INPUT);
    } else {
        add(arguments, args->style_mean, planes, REQUIRED_INPUT);
        add(arguments, args->style_std, planes, REQUIRED_INPUT);
    }
}

static void add_statistics(struct arguments *arguments, const struct norma_plan *plan,
                           const struct norma_args *args) {
    const struct norma_problem *problem = &plan->problem;
    const bool inference = problem->pass == NORMA_INFERENCE;
    if (plan->rules->batch) {
        const enum role role = inference ? REQUIRED_INPUT : OPTIONAL_OUTPUT;
        add(arguments, args->running_mean, problem->c, role);
        add(arguments, args->running_variance, problem->c, role);
    }
    if (inference) {
        return;
    }
    if (!plan->rules->squared_norm) {
        add(arguments, args->mean, norma_problem_statistics(problem), OPTIONAL_OUTPUT);
    }
    add(arguments, args->inverse_std, norma_problem_statistics(problem), OPTIONAL_OUTPUT);
    if (plan->rules->batch && plan->rules->instance) {
        add(arguments, args->instance_mean, problem->n * problem->c, OPTIONAL_OUTPUT);
        add(arguments, args->instance_inverse_std, problem->n * problem->c, OPTIONAL_OUTPUT);
    }
}

static struct arguments collect(const struct norma_plan *plan, const struct norma_args *args) {
    const struct norma_problem *problem = &plan->problem;
    const int64_t elements = problem->n * problem->c * plan->spatial;
    struct arguments arguments = {.count = 0};
    add(&arguments, args->x, elements, REQUIRED_INPUT);
    add(&arguments, args->y, elements, REQUIRED_OUTPUT);
    add_parameters(&arguments, plan, args);
    if (plan->rules->style) {
        add_style(&arguments, plan, args);
    }
    add_statistics(&arguments, plan, args);
    return arguments;
}

static bool is_output(const struct argument *argument) {
    return argument->role == REQUIRED_OUTPUT || argument->role == OPTIONAL_OUTPUT;
}

static bool is_missing(const struct argument *argument) {
    return argument->pointer == NULL && argument->elements > 0 &&
           (argument->role == REQUIRED_INPUT || argument->role == REQUIRED_OUTPUT);
}

static bool overlap(const struct argument *a, const struct argument *b) {
    const uintptr_t a_first = (uintptr_t)a->pointer;
    const uintptr_t b_first = (uintptr_t)b->pointer;
    return a->pointer && b->pointer && a_first < b_first + (uintptr_t)b->elements * sizeof(float) &&
           b_first < a_first + (uintptr_t)a->elements * sizeof(float);
}

/* x and y, the first two, may be the same. */
static bool in_place(const struct arguments *arguments, int i, int j) {
    return i == 0 && j == 1 && arguments->list[0].pointer == arguments->list[1].pointer;
}

static bool any_overlap(const struct arguments *arguments) {
    for (int i = 0; i < arguments->count; i++) {
        for (int j = i + 1; j < arguments->count; j++) {
            const struct argument *a = &arguments->list[i];
            const struct argument *b = &arguments->list[j];
            if ((is_output(a) || is_output(b)) && overlap(a, b) && !in_place(arguments, i, j)) {
                return true;
            }
        }
    }
    return false;
}

/* Statistics that were asked for, of sets without an element. x and y, the first two, are none. */
static bool empty_statistics(const struct arguments *arguments) {
    if (arguments->list[0].elements > 0) {
        return false;
    }
    for (int i = 2; i < arguments->count; i++) {
        const struct argument *argument = &arguments->list[i];
        if (is_output(argument) && argument->pointer && argument->elements > 0) {
            return true;
        }
    }
    return false;
}

norma_status norma_check_arguments(const struct norma_plan *plan, const struct norma_args *args) {
    const struct arguments arguments = collect(plan, args);
    if (empty_statistics(&arguments)) {
        return NORMA_EMPTY;
    }
    if (arguments.list[0].elements == 0) {
        return NORMA_OK;
    }
    for (int i = 0; i < arguments.count; i++) {
        if (is_missing(&arguments.list[i])) {
            return NORMA_NULL;
        }
    }
    if (plan->workspace > 0 && !args->workspace) {
        return NORMA_NULL;
    }
    return any_overlap(&arguments) ? NORMA_OVERLAP : NORMA_OK;
}
