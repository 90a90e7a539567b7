/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/execute/argument_table.h"

/* An execution, and numbers that its arguments have as sizes. */
struct sizes {
    const struct norma_plan *plan;
    const struct norma_args *args;
    int64_t n, c, elements, styles; /* styles: [N][K][C] */
};

struct named {
    const char *name;
    const void *pointer;
};

/* Returns a member of struct norma_args with its name. */
#define NAMED(args, member) ((struct named){#member, (args)->member})

static void add_bytes(struct norma_arguments *arguments, struct named named, int64_t bytes,
                      enum norma_role role) {
    arguments->list[arguments->count++] =
        (struct norma_argument){named.name, named.pointer, bytes, role};
}

/* Adds an array of floats: parameters, statistics, and gradients of these. */
static void add(struct norma_arguments *arguments, struct named named, int64_t count,
                enum norma_role role) {
    add_bytes(arguments, named, count * (int64_t)sizeof(float), role);
}

/* Adds a tensor of x's shape. */
static void add_tensor(struct norma_arguments *arguments, const struct sizes *sizes,
                       struct named named, enum norma_role role) {
    add_bytes(arguments, named, sizes->elements * norma_element_bytes(sizes->plan), role);
}

static void add_tensors(struct norma_arguments *arguments, const struct sizes *sizes) {
    const struct norma_args *args = sizes->args;
    const norma_epilogue epilogue = sizes->plan->problem.epilogue;
    if (!sizes->plan->backward) {
        add_tensor(arguments, sizes, NAMED(args, x), NORMA_ROLE_INPUT);
        add_tensor(arguments, sizes, NAMED(args, y), NORMA_ROLE_OUTPUT);
        if (epilogue == NORMA_EPILOGUE_ADD_RELU) {
            add_tensor(arguments, sizes, NAMED(args, residual), NORMA_ROLE_INPUT);
        }
        return;
    }
    add_tensor(arguments, sizes, NAMED(args, dy), NORMA_ROLE_INPUT);
    add_tensor(arguments, sizes, NAMED(args, dx), NORMA_ROLE_OUTPUT);
    add_tensor(arguments, sizes, NAMED(args, x), NORMA_ROLE_INPUT);
    if (epilogue != NORMA_EPILOGUE_NONE) {
        add_tensor(arguments, sizes, NAMED(args, y), NORMA_ROLE_INPUT);
    }
    if (epilogue == NORMA_EPILOGUE_ADD_RELU) {
        add_tensor(arguments, sizes, NAMED(args, dresidual), NORMA_ROLE_OPTIONAL_OUTPUT);
    }
}

/* Adds a parameter and, backward, its gradient. */
static void add_parameter(struct norma_arguments *arguments, const struct sizes *sizes,
                          struct named parameter, struct named gradient, int64_t elements,
                          enum norma_role role) {
    add(arguments, parameter, elements, role);
    if (sizes->plan->backward) {
        add(arguments, gradient, elements, NORMA_ROLE_OPTIONAL_OUTPUT);
    }
}

static void add_alpha(struct norma_arguments *arguments, const struct sizes *sizes) {
    const struct norma_args *args = sizes->args;
    const bool vanilla = sizes->plan->problem.form == NORMA_FORM_VANILLA;
    switch (sizes->plan->problem.alpha_kind) {
    case NORMA_ALPHA_SCALAR:
        if (sizes->plan->backward && !vanilla) {
            add(arguments, NAMED(args, dalpha), 1, NORMA_ROLE_OPTIONAL_OUTPUT);
        }
        break;
    case NORMA_ALPHA_CHANNEL:
        add_parameter(arguments, sizes, NAMED(args, alpha), NAMED(args, dalpha), sizes->c,
                      NORMA_ROLE_INPUT);
        break;
    case NORMA_ALPHA_ELEMENT:
        add_parameter(arguments, sizes, NAMED(args, alpha), NAMED(args, dalpha),
                      sizes->c * sizes->plan->spatial, NORMA_ROLE_INPUT);
        break;
    }
}

static void add_parameters(struct norma_arguments *arguments, const struct sizes *sizes) {
    const struct norma_args *args = sizes->args;
    const struct norma_operator_descriptor *descriptor = sizes->plan->descriptor;
    const int64_t rows = descriptor->tables ? sizes->plan->problem.styles : 1;
    if (descriptor->scale) {
        add_parameter(arguments, sizes, NAMED(args, gamma), NAMED(args, dgamma), rows * sizes->c,
                      NORMA_ROLE_OPTIONAL_INPUT);
    }
    if (descriptor->shift) {
        const struct named beta = {"beta", sizes->plan->backward ? NULL : args->beta};
        add_parameter(arguments, sizes, beta, NAMED(args, dbeta), rows * sizes->c,
                      NORMA_ROLE_OPTIONAL_INPUT);
    }
    if (descriptor->tables) {
        add_bytes(arguments, NAMED(args, style_index), sizes->n * (int64_t)sizeof(int32_t),
                  NORMA_ROLE_INPUT);
    }
    if (descriptor->gate && !sizes->plan->problem.rho_fixed) {
        add_parameter(arguments, sizes, NAMED(args, rho), NAMED(args, drho), sizes->c,
                      NORMA_ROLE_INPUT);
    }
    if (descriptor->weight) {
        add_alpha(arguments, sizes);
    }
}

static void add_style(struct norma_arguments *arguments, const struct sizes *sizes) {
    const struct norma_args *args = sizes->args;
    const struct norma_plan *plan = sizes->plan;
    const bool given = plan->problem.style_source == NORMA_STYLE_STATS;
    const enum norma_role role =
        given || plan->backward ? NORMA_ROLE_INPUT : NORMA_ROLE_OPTIONAL_OUTPUT;
    add(arguments, NAMED(args, style_mean), sizes->styles, role);
    add(arguments, NAMED(args, style_std), sizes->styles, role);
    if (plan->problem.style_source == NORMA_STYLE_TENSOR) {
        const int64_t bytes = sizes->styles * plan->style_spatial * norma_element_bytes(plan);
        add_bytes(arguments, NAMED(args, style), bytes, NORMA_ROLE_INPUT);
        if (plan->backward) {
            add_bytes(arguments, NAMED(args, dstyle), bytes, NORMA_ROLE_OPTIONAL_OUTPUT);
        }
    } else if (!given) {
        add_bytes(arguments, NAMED(args, permutation), sizes->n * (int64_t)sizeof(int32_t),
                  NORMA_ROLE_INPUT);
    } else if (plan->backward) {
        add(arguments, NAMED(args, dstyle_mean), sizes->styles, NORMA_ROLE_OPTIONAL_OUTPUT);
        add(arguments, NAMED(args, dstyle_std), sizes->styles, NORMA_ROLE_OPTIONAL_OUTPUT);
    }
    if (plan->mixed_styles) {
        add(arguments, NAMED(args, style_weights), sizes->n * plan->styles, NORMA_ROLE_INPUT);
    }
    if (plan->regions > 1) {
        add_bytes(arguments, NAMED(args, labels), sizes->n * plan->spatial, NORMA_ROLE_INPUT);
    }
    if (plan->loss) {
        add(arguments, NAMED(args, style_loss), sizes->n, NORMA_ROLE_OPTIONAL_OUTPUT);
    }
}

static void add_statistics(struct norma_arguments *arguments, const struct sizes *sizes) {
    const struct norma_problem *problem = &sizes->plan->problem;
    const struct norma_operator_descriptor *descriptor = sizes->plan->descriptor;
    const struct norma_args *args = sizes->args;
    const enum norma_role of_set =
        sizes->plan->backward ? NORMA_ROLE_INPUT : NORMA_ROLE_OPTIONAL_OUTPUT;
    const enum norma_role of_batch =
        problem->pass == NORMA_PASS_FORWARD ? NORMA_ROLE_BATCH_OUTPUT : NORMA_ROLE_INPUT;
    if (descriptor->batch && problem->pass != NORMA_PASS_BACKWARD) {
        add(arguments, NAMED(args, running_mean), sizes->c, of_batch);
        add(arguments, NAMED(args, running_variance), sizes->c, of_batch);
    }
    if (problem->pass == NORMA_PASS_FORWARD || problem->pass == NORMA_PASS_BACKWARD) {
        const enum norma_role role = descriptor->batch ? of_batch : of_set;
        if (!descriptor->squared_norm) {
            add(arguments, NAMED(args, mean), norma_problem_statistics(problem), role);
        }
        add(arguments, NAMED(args, inverse_std), norma_problem_statistics(problem), role);
    }
    if (descriptor->batch && descriptor->instance && !descriptor->mix_samples) {
        add(arguments, NAMED(args, instance_mean), sizes->n * sizes->c, of_set);
        add(arguments, NAMED(args, instance_inverse_std), sizes->n * sizes->c, of_set);
    }
}

void norma_arguments_of(const struct norma_plan *plan, const struct norma_args *args,
                        struct norma_arguments *arguments) {
    const struct sizes sizes = {
        .plan = plan,
        .args = args,
        .n = plan->problem.n,
        .c = plan->problem.c,
        .elements = plan->samples * plan->problem.c * plan->spatial,
        .styles = plan->problem.n * plan->styles * plan->problem.c,
    };
    arguments->count = 0;
    add_tensors(arguments, &sizes);
    add_parameters(arguments, &sizes);
    if (plan->descriptor->style) {
        add_style(arguments, &sizes);
    }
    add_statistics(arguments, &sizes);
}
