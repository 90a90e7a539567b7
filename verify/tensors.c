/* SPDX-License-Identifier: Apache-2.0 */
#include "tensors.h"

static void use(struct norma_tensor *tensors, enum norma_tensor_id id, enum norma_tensor_role role,
                int64_t count) {
    tensors[id].role = role;
    tensors[id].count = count;
}

static void use_parameters(const struct norma_problem *problem, struct norma_tensor *tensors) {
    const int64_t spatial = norma_problem_spatial(problem);
    const int64_t planes = problem->n * problem->c;
    switch (problem->op) {
    case NORMA_BIN:
        if (!problem->rho_fixed) {
            use(tensors, NORMA_TENSOR_rho, NORMA_ROLE_INPUT, problem->c);
        }
        /* fall through */
    case NORMA_BN:
    case NORMA_IN:
    case NORMA_GN:
        use(tensors, NORMA_TENSOR_gamma, NORMA_ROLE_INPUT, problem->c);
        use(tensors, NORMA_TENSOR_beta, NORMA_ROLE_INPUT, problem->c);
        break;
    case NORMA_ADAIN:
        if (problem->style_source == NORMA_STYLE_TENSOR) {
            use(tensors, NORMA_TENSOR_style, NORMA_ROLE_INPUT,
                planes * norma_problem_style_spatial(problem));
        } else {
            use(tensors, NORMA_TENSOR_style_mean, NORMA_ROLE_INPUT, planes);
            use(tensors, NORMA_TENSOR_style_std, NORMA_ROLE_INPUT, planes);
        }
        break;
    case NORMA_UNIT:
        if (problem->alpha_kind != NORMA_ALPHA_SCALAR) {
            const bool element = problem->alpha_kind == NORMA_ALPHA_ELEMENT;
            use(tensors, NORMA_TENSOR_alpha, NORMA_ROLE_INPUT,
                problem->c * (element ? spatial : 1));
        }
        break;
    case NORMA_OPERATOR_COUNT:
        break;
    }
}

static void use_statistics(const struct norma_problem *problem, struct norma_tensor *tensors) {
    const bool inference = problem->pass == NORMA_INFERENCE;
    if (problem->op == NORMA_BN || problem->op == NORMA_BIN) {
        const enum norma_tensor_role role = inference ? NORMA_ROLE_INPUT : NORMA_ROLE_INOUT;
        use(tensors, NORMA_TENSOR_running_mean, role, problem->c);
        use(tensors, NORMA_TENSOR_running_variance, role, problem->c);
    }
    if (inference) {
        return;
    }
    const int64_t statistics = norma_problem_statistics(problem);
    if (problem->op != NORMA_UNIT) {
        use(tensors, NORMA_TENSOR_mean, NORMA_ROLE_OUTPUT, statistics);
    }
    use(tensors, NORMA_TENSOR_inverse_std, NORMA_ROLE_OUTPUT, statistics);
    if (problem->op == NORMA_BIN) {
        const int64_t planes = problem->n * problem->c;
        use(tensors, NORMA_TENSOR_instance_mean, NORMA_ROLE_OUTPUT, planes);
        use(tensors, NORMA_TENSOR_instance_inverse_std, NORMA_ROLE_OUTPUT, planes);
    }
}

void norma_tensors_of(const struct norma_problem *problem,
                      struct norma_tensor tensors[NORMA_TENSOR_COUNT]) {
#define NORMA_TENSOR_UNUSED(id)                                                                    \
    tensors[NORMA_TENSOR_##id] = (struct norma_tensor){#id, NORMA_ROLE_UNUSED, 0};
    NORMA_TENSORS(NORMA_TENSOR_UNUSED)
#undef NORMA_TENSOR_UNUSED
    const int64_t elements = problem->n * problem->c * norma_problem_spatial(problem);
    use(tensors, NORMA_TENSOR_x, NORMA_ROLE_INPUT, elements);
    use(tensors, NORMA_TENSOR_y, NORMA_ROLE_OUTPUT, elements);
    use_parameters(problem, tensors);
    use_statistics(problem, tensors);
}

struct norma_args norma_tensors_bind(void *const pointers[NORMA_TENSOR_COUNT]) {
    return (struct norma_args){
#define NORMA_TENSOR_BIND(id) .id = pointers[NORMA_TENSOR_##id],
        NORMA_TENSORS(NORMA_TENSOR_BIND)
#undef NORMA_TENSOR_BIND
    };
}
