/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/execute/check_execution.h"

enum role { INPUT, OPTIONAL_INPUT, OUTPUT, OPTIONAL_OUTPUT };

struct argument {
    const void *pointer;
    int64_t bytes;
    enum role role;
};

/* As many as struct norma_args has pointers. */
enum { MAX_ARGUMENTS = 32 };

struct arguments {
    struct argument list[MAX_ARGUMENTS];
    int count;
};

/* An execution, and numbers that its arguments have as sizes. */
struct sizes {
    const struct norma_plan *plan;
    const struct norma_args *args;
    int64_t n, c, elements, styles; /* styles: [N][K][C] */
};

static void add_bytes(struct arguments *arguments, const void *pointer, int64_t bytes,
                      enum role role) {
    arguments->list[arguments->count++] = (struct argument){pointer, bytes, role};
}

/* Adds an array of floats: parameters, statistics, and gradients of these. */
static void add(struct arguments *arguments, const void *pointer, int64_t count, enum role role) {
    add_bytes(arguments, pointer, count * (int64_t)sizeof(float), role);
}

/* Adds a tensor of x's shape. */
static void add_tensor(struct arguments *arguments, const struct sizes *sizes, const void *pointer,
                       enum role role) {
    add_bytes(arguments, pointer, sizes->elements * norma_element_bytes(sizes->plan), role);
}

/* Adds the tensors of x's shape. x and y, or dy and dx, are the first two arguments of the list. */
static void add_tensors(struct arguments *arguments, const struct sizes *sizes) {
    const struct norma_args *args = sizes->args;
    const norma_epilogue epilogue = sizes->plan->problem.epilogue;
    if (!sizes->plan->backward) {
        add_tensor(arguments, sizes, args->x, INPUT);
        add_tensor(arguments, sizes, args->y, OUTPUT);
        if (epilogue == NORMA_EPILOGUE_ADD_RELU) {
            add_tensor(arguments, sizes, args->residual, INPUT);
        }
        return;
    }
    add_tensor(arguments, sizes, args->dy, INPUT);
    add_tensor(arguments, sizes, args->dx, OUTPUT);
    add_tensor(arguments, sizes, args->x, INPUT);
    if (epilogue != NORMA_EPILOGUE_NONE) {
        add_tensor(arguments, sizes, args->y, INPUT);
    }
    if (epilogue == NORMA_EPILOGUE_ADD_RELU) {
        add_tensor(arguments, sizes, args->dresidual, OPTIONAL_OUTPUT);
    }
}

/* Adds a parameter and, backward, its gradient. */
static void add_parameter(struct arguments *arguments, const struct sizes *sizes,
                          const void *parameter, const void *gradient, int64_t elements,
                          enum role role) {
    add(arguments, parameter, elements, role);
    if (sizes->plan->backward) {
        add(arguments, gradient, elements, OPTIONAL_OUTPUT);
    }
}

static void add_alpha(struct arguments *arguments, const struct sizes *sizes) {
    const struct norma_args *args = sizes->args;
    const bool vanilla = sizes->plan->problem.form == NORMA_FORM_VANILLA;
    switch (sizes->plan->problem.alpha_kind) {
    case NORMA_ALPHA_SCALAR:
        if (sizes->plan->backward && !vanilla) {
            add(arguments, args->dalpha, 1, OPTIONAL_OUTPUT);
        }
        break;
    case NORMA_ALPHA_CHANNEL:
        add_parameter(arguments, sizes, args->alpha, args->dalpha, sizes->c, INPUT);
        break;
    case NORMA_ALPHA_ELEMENT:
        add_parameter(arguments, sizes, args->alpha, args->dalpha, sizes->c * sizes->plan->spatial,
                      INPUT);
        break;
    }
}

static void add_parameters(struct arguments *arguments, const struct sizes *sizes) {
    const struct norma_args *args = sizes->args;
    const struct norma_operator_descriptor *descriptor = sizes->plan->descriptor;
    const int64_t rows = descriptor->tables ? sizes->plan->problem.styles : 1;
    if (descriptor->scale) {
        add_parameter(arguments, sizes, args->gamma, args->dgamma, rows * sizes->c, OPTIONAL_INPUT);
    }
    if (descriptor->shift) {
        add_parameter(arguments, sizes, sizes->plan->backward ? NULL : args->beta, args->dbeta,
                      rows * sizes->c, OPTIONAL_INPUT);
    }
    if (descriptor->tables) {
        add_bytes(arguments, args->style_index, sizes->n * (int64_t)sizeof(int32_t), INPUT);
    }
    if (descriptor->gate && !sizes->plan->problem.rho_fixed) {
        add_parameter(arguments, sizes, args->rho, args->drho, sizes->c, INPUT);
    }
    if (descriptor->weight) {
        add_alpha(arguments, sizes);
    }
}

static void add_style(struct arguments *arguments, const struct sizes *sizes) {
    const struct norma_args *args = sizes->args;
    const struct norma_plan *plan = sizes->plan;
    const bool given = plan->problem.style_source == NORMA_STYLE_STATS;
    const enum role role = given || plan->backward ? INPUT : OPTIONAL_OUTPUT;
    add(arguments, args->style_mean, sizes->styles, role);
    add(arguments, args->style_std, sizes->styles, role);
    if (plan->problem.style_source == NORMA_STYLE_TENSOR) {
        const int64_t bytes = sizes->styles * plan->style_spatial * norma_element_bytes(plan);
        add_bytes(arguments, args->style, bytes, INPUT);
        if (plan->backward) {
            add_bytes(arguments, args->dstyle, bytes, OPTIONAL_OUTPUT);
        }
    } else if (!given) {
        add_bytes(arguments, args->permutation, sizes->n * (int64_t)sizeof(int32_t), INPUT);
    } else if (plan->backward) {
        add(arguments, args->dstyle_mean, sizes->styles, OPTIONAL_OUTPUT);
        add(arguments, args->dstyle_std, sizes->styles, OPTIONAL_OUTPUT);
    }
    if (plan->mixed_styles) {
        add(arguments, args->style_weights, sizes->n * plan->styles, INPUT);
    }
    if (plan->regions > 1) {
        add_bytes(arguments, args->labels, sizes->n * plan->spatial, INPUT);
    }
    if (plan->loss) {
        add(arguments, args->style_loss, sizes->n, OPTIONAL_OUTPUT);
    }
}

static void add_statistics(struct arguments *arguments, const struct sizes *sizes) {
    const struct norma_problem *problem = &sizes->plan->problem;
    const struct norma_operator_descriptor *descriptor = sizes->plan->descriptor;
    const struct norma_args *args = sizes->args;
    const enum role role = sizes->plan->backward ? INPUT : OPTIONAL_OUTPUT;
    if (descriptor->batch && problem->pass != NORMA_PASS_BACKWARD) {
        const enum role running = problem->pass == NORMA_PASS_FORWARD ? OPTIONAL_OUTPUT : INPUT;
        add(arguments, args->running_mean, sizes->c, running);
        add(arguments, args->running_variance, sizes->c, running);
    }
    if (problem->pass == NORMA_PASS_FORWARD || problem->pass == NORMA_PASS_BACKWARD) {
        if (!descriptor->squared_norm) {
            add(arguments, args->mean, norma_problem_statistics(problem), role);
        }
        add(arguments, args->inverse_std, norma_problem_statistics(problem), role);
    }
    if (descriptor->batch && descriptor->instance && !descriptor->mix_samples) {
        add(arguments, args->instance_mean, sizes->n * sizes->c, role);
        add(arguments, args->instance_inverse_std, sizes->n * sizes->c, role);
    }
}

static struct arguments collect(const struct norma_plan *plan, const struct norma_args *args) {
    const struct sizes sizes = {
        .plan = plan,
        .args = args,
        .n = plan->problem.n,
        .c = plan->problem.c,
        .elements = plan->samples * plan->problem.c * plan->spatial,
        .styles = plan->problem.n * plan->styles * plan->problem.c,
    };
    struct arguments arguments = {.count = 0};
    add_tensors(&arguments, &sizes);
    add_parameters(&arguments, &sizes);
    if (plan->descriptor->style) {
        add_style(&arguments, &sizes);
    }
    add_statistics(&arguments, &sizes);
    return arguments;
}

static bool is_output(const struct argument *argument) {
    return argument->role == OUTPUT || argument->role == OPTIONAL_OUTPUT;
}

static bool is_missing(const struct argument *argument) {
    return argument->pointer == NULL && argument->bytes > 0 &&
           (argument->role == INPUT || argument->role == OUTPUT);
}

static bool overlap(const struct argument *a, const struct argument *b) {
    const uintptr_t a_first = (uintptr_t)a->pointer;
    const uintptr_t b_first = (uintptr_t)b->pointer;
    return a->pointer && b->pointer && a_first < b_first + (uintptr_t)b->bytes &&
           b_first < a_first + (uintptr_t)a->bytes;
}

/* Checks whether two arguments are the first two, which may be the same memory. */
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

/* Checks whether statistics or gradients are requested of sets without an element. The first two
 * arguments are neither. */
static bool empty_statistics(const struct arguments *arguments) {
    if (arguments->list[0].bytes > 0) {
        return false;
    }
    for (int i = 2; i < arguments->count; i++) {
        const struct argument *argument = &arguments->list[i];
        if (is_output(argument) && argument->pointer && argument->bytes > 0) {
            return true;
        }
    }
    return false;
}

norma_status norma_check_arguments(const struct norma_plan *plan, const struct norma_args *args) {
    const struct arguments arguments = collect(plan, args);
    if (empty_statistics(&arguments)) {
        return NORMA_STATUS_EMPTY;
    }
    if (arguments.list[0].bytes == 0) {
        return NORMA_STATUS_OK;
    }
    for (int i = 0; i < arguments.count; i++) {
        if (is_missing(&arguments.list[i])) {
            return NORMA_STATUS_NULL;
        }
    }
    if (plan->workspace > 0 && !args->workspace) {
        return NORMA_STATUS_NULL;
    }
    return any_overlap(&arguments) ? NORMA_STATUS_OVERLAP : NORMA_STATUS_OK;
}
