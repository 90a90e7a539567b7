/* SPDX-License-Identifier: Apache-2.0 */
#include "tensors.h"

/* A problem with the sizes that tensors are made of. */
struct sizes {
    const struct norma_problem *problem;
    int64_t n, c, s, planes, elements;
    int64_t styles, style_planes, style_elements; /* of all samples: [N][K], [N][K][C], ... */
    bool backward, running, layer;
};

static struct sizes sizes_of(const struct norma_problem *problem) {
    struct sizes sizes = {
        .problem = problem,
        .n = problem->n,
        .c = problem->c,
        .s = norma_problem_spatial(problem),
        .styles = problem->n * norma_problem_sample_styles(problem),
        .backward = norma_is_backward(problem),
        .layer = problem->op == NORMA_UNIT && problem->form == NORMA_FORM_LAYER,
    };
    sizes.planes = sizes.n * sizes.c;
    sizes.elements = sizes.planes * sizes.s;
    sizes.style_planes = sizes.styles * sizes.c;
    sizes.style_elements = sizes.style_planes * norma_problem_style_spatial(problem);
    sizes.running = problem->op == NORMA_BN || problem->op == NORMA_BIN || sizes.layer;
    return sizes;
}

static void use(struct norma_tensor *tensors, enum norma_tensor_id id, enum norma_tensor_role role,
                bool optional, int64_t count) {
    tensors[id].role = role;
    tensors[id].optional = optional;
    tensors[id].count = count;
}

static void need(struct norma_tensor *tensors, enum norma_tensor_id id, int64_t count) {
    use(tensors, id, NORMA_ROLE_INPUT, false, count);
}

static void give(struct norma_tensor *tensors, enum norma_tensor_id id, int64_t count) {
    use(tensors, id, NORMA_ROLE_OUTPUT, true, count);
}

/* The tensors of the size of x. */
static void use_images(const struct sizes *sizes, struct norma_tensor *tensors) {
    const norma_epilogue epilogue = sizes->problem->epilogue;
    need(tensors, NORMA_TENSOR_x, sizes->elements);
    if (sizes->backward) {
        need(tensors, NORMA_TENSOR_dy, sizes->elements);
        use(tensors, NORMA_TENSOR_dx, NORMA_ROLE_OUTPUT, false, sizes->elements);
        if (epilogue != NORMA_EPILOGUE_NONE) {
            need(tensors, NORMA_TENSOR_y, sizes->elements);
        }
        if (epilogue == NORMA_EPILOGUE_ADD_RELU) {
            give(tensors, NORMA_TENSOR_dresidual, sizes->elements);
        }
        return;
    }
    use(tensors, NORMA_TENSOR_y, NORMA_ROLE_OUTPUT, false, sizes->elements);
    if (epilogue == NORMA_EPILOGUE_ADD_RELU) {
        need(tensors, NORMA_TENSOR_residual, sizes->elements);
    }
}

/* A parameter and, backward, its gradient. */
static void use_parameter(const struct sizes *sizes, struct norma_tensor *tensors,
                          enum norma_tensor_id id, enum norma_tensor_id gradient, bool optional,
                          int64_t count) {
    if (!sizes->backward || id != NORMA_TENSOR_beta) {
        use(tensors, id, NORMA_ROLE_INPUT, optional, count);
    }
    if (sizes->backward) {
        give(tensors, gradient, count);
    }
}

static void use_affine(const struct sizes *sizes, struct norma_tensor *tensors, bool shift) {
    const int64_t rows = sizes->problem->op == NORMA_CIN ? sizes->problem->styles : 1;
    use_parameter(sizes, tensors, NORMA_TENSOR_gamma, NORMA_TENSOR_dgamma, true, rows * sizes->c);
    if (shift) {
        use_parameter(sizes, tensors, NORMA_TENSOR_beta, NORMA_TENSOR_dbeta, true, rows * sizes->c);
    }
}

static void use_alpha(const struct sizes *sizes, struct norma_tensor *tensors) {
    switch (sizes->problem->alpha_kind) {
    case NORMA_ALPHA_SCALAR:
        if (sizes->backward && sizes->problem->form != NORMA_FORM_VANILLA) {
            give(tensors, NORMA_TENSOR_dalpha, 1);
        }
        break;
    case NORMA_ALPHA_CHANNEL:
        use_parameter(sizes, tensors, NORMA_TENSOR_alpha, NORMA_TENSOR_dalpha, false, sizes->c);
        break;
    case NORMA_ALPHA_ELEMENT:
        use_parameter(sizes, tensors, NORMA_TENSOR_alpha, NORMA_TENSOR_dalpha, false,
                      sizes->c * sizes->s);
        break;
    }
}

/* Where the style's statistics come from; backward, they are inputs whatever the source. */
static void use_style_source(const struct sizes *sizes, struct norma_tensor *tensors) {
    const bool given = sizes->problem->style_source == NORMA_STYLE_STATS;
    const enum norma_tensor_role role =
        given || sizes->backward ? NORMA_ROLE_INPUT : NORMA_ROLE_OUTPUT;
    const bool optional = role == NORMA_ROLE_OUTPUT;
    use(tensors, NORMA_TENSOR_style_mean, role, optional, sizes->style_planes);
    use(tensors, NORMA_TENSOR_style_std, role, optional, sizes->style_planes);
    if (sizes->problem->style_source == NORMA_STYLE_TENSOR) {
        use_parameter(sizes, tensors, NORMA_TENSOR_style, NORMA_TENSOR_dstyle, false,
                      sizes->style_elements);
    } else if (given && sizes->backward) {
        give(tensors, NORMA_TENSOR_dstyle_mean, sizes->style_planes);
        give(tensors, NORMA_TENSOR_dstyle_std, sizes->style_planes);
    } else if (!given) {
        need(tensors, NORMA_TENSOR_permutation, sizes->n);
    }
}

static void use_style(const struct sizes *sizes, struct norma_tensor *tensors) {
    const struct norma_problem *problem = sizes->problem;
    use_style_source(sizes, tensors);
    if (problem->styles > 1) {
        need(tensors, NORMA_TENSOR_style_weights, sizes->styles);
    }
    if (problem->regions > 1) {
        need(tensors, NORMA_TENSOR_labels, sizes->n * sizes->s);
    }
    if (problem->pass == NORMA_FORWARD && problem->styles == 1 && problem->regions == 1) {
        give(tensors, NORMA_TENSOR_style_loss, sizes->n);
    }
}

static void use_parameters(const struct sizes *sizes, struct norma_tensor *tensors) {
    switch (sizes->problem->op) {
    case NORMA_BIN:
        if (!sizes->problem->rho_fixed) {
            use_parameter(sizes, tensors, NORMA_TENSOR_rho, NORMA_TENSOR_drho, false, sizes->c);
        }
        use_affine(sizes, tensors, true);
        break;
    case NORMA_CIN:
        need(tensors, NORMA_TENSOR_style_index, sizes->n);
        use_affine(sizes, tensors, true);
        break;
    case NORMA_BN:
    case NORMA_IN:
    case NORMA_GN:
    case NORMA_LN:
        use_affine(sizes, tensors, true);
        break;
    case NORMA_RMS:
        use_affine(sizes, tensors, false);
        break;
    case NORMA_ADAIN:
        use_style(sizes, tensors);
        break;
    case NORMA_UNIT:
        use_alpha(sizes, tensors);
        if (sizes->layer) {
            use_affine(sizes, tensors, true);
        }
        break;
    case NORMA_OPERATOR_COUNT:
        break;
    }
}

static void use_running(const struct sizes *sizes, struct norma_tensor *tensors) {
    const bool training = sizes->problem->pass == NORMA_FORWARD;
    const enum norma_tensor_role role = training ? NORMA_ROLE_INOUT : NORMA_ROLE_INPUT;
    if (sizes->running && sizes->problem->pass != NORMA_BACKWARD) {
        use(tensors, NORMA_TENSOR_running_mean, role, training, sizes->c);
        use(tensors, NORMA_TENSOR_running_variance, role, training, sizes->c);
    }
}

/* Statistics that fwd returns and bwd takes. */
static void use_statistics(const struct sizes *sizes, struct norma_tensor *tensors) {
    const struct norma_problem *problem = sizes->problem;
    const enum norma_tensor_role role = sizes->backward ? NORMA_ROLE_INPUT : NORMA_ROLE_OUTPUT;
    const bool optional = !sizes->backward;
    const bool norm = problem->op == NORMA_RMS || (problem->op == NORMA_UNIT && !sizes->layer);
    if (problem->pass == NORMA_FORWARD || problem->pass == NORMA_BACKWARD) {
        const int64_t statistics = norma_problem_statistics(problem);
        if (!norm) {
            use(tensors, NORMA_TENSOR_mean, role, optional, statistics);
        }
        use(tensors, NORMA_TENSOR_inverse_std, role, optional, statistics);
    }
    if (problem->op == NORMA_BIN) {
        use(tensors, NORMA_TENSOR_instance_mean, role, optional, sizes->planes);
        use(tensors, NORMA_TENSOR_instance_inverse_std, role, optional, sizes->planes);
    }
}

void norma_tensors_of(const struct norma_problem *problem,
                      struct norma_tensor tensors[NORMA_TENSOR_COUNT]) {
#define NORMA_TENSOR_UNUSED(id, type)                                                              \
    tensors[NORMA_TENSOR_##id] =                                                                   \
        (struct norma_tensor){#id, NORMA_ROLE_UNUSED, false, 0, sizeof(type)};
    NORMA_TENSORS(NORMA_TENSOR_UNUSED)
#undef NORMA_TENSOR_UNUSED
    const struct sizes sizes = sizes_of(problem);
    use_images(&sizes, tensors);
    use_parameters(&sizes, tensors);
    use_running(&sizes, tensors);
    use_statistics(&sizes, tensors);
}

enum norma_tensor_id norma_tensor_result(const struct norma_problem *problem) {
    return norma_is_backward(problem) ? NORMA_TENSOR_dx : NORMA_TENSOR_y;
}

enum norma_tensor_id norma_tensor_source(const struct norma_problem *problem) {
    return norma_is_backward(problem) ? NORMA_TENSOR_dy : NORMA_TENSOR_x;
}

struct norma_args norma_tensors_bind(void *const pointers[NORMA_TENSOR_COUNT]) {
    return (struct norma_args){
#define NORMA_TENSOR_BIND(id, type) .id = pointers[NORMA_TENSOR_##id],
        NORMA_TENSORS(NORMA_TENSOR_BIND)
#undef NORMA_TENSOR_BIND
    };
}

int64_t norma_tensor_positions(const struct norma_problem *problem, enum norma_tensor_id id) {
    switch (id) {
    case NORMA_TENSOR_x:
    case NORMA_TENSOR_y:
    case NORMA_TENSOR_residual:
    case NORMA_TENSOR_dy:
    case NORMA_TENSOR_dx:
    case NORMA_TENSOR_dresidual:
        return norma_problem_spatial(problem);
    case NORMA_TENSOR_style:
    case NORMA_TENSOR_dstyle:
        return norma_problem_style_spatial(problem);
    case NORMA_TENSOR_alpha:
    case NORMA_TENSOR_dalpha:
        return problem->alpha_kind == NORMA_ALPHA_ELEMENT ? norma_problem_spatial(problem) : 0;
    default:
        return 0;
    }
}

int64_t norma_turned(const struct norma_problem *problem, enum norma_tensor_id id, int64_t index) {
    const int64_t positions = norma_tensor_positions(problem, id);
    return positions > 0
               ? norma_element_at(problem, index / positions, index % positions, positions)
               : index;
}
