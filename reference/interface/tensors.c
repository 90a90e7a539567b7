/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/interface/tensors.h"

#include <string.h>

#include "reference/interface/operator_facts.h"

/* A problem with the sizes that the counts of its tensors are products of. */
struct sizes {
    const struct norma_problem *problem;
    const struct reference_operator_facts *facts;
    int64_t n, c, s, planes, elements;
    int64_t styles, style_planes, style_elements; /* counts [N][K], [N][K][C], [N][K][C][style S] */
    bool backward;
};

static struct sizes sizes_of(const struct norma_problem *problem) {
    struct sizes sizes = {
        .problem = problem,
        .facts = reference_facts_of(problem),
        .n = problem->n,
        .c = problem->c,
        .s = norma_problem_spatial(problem),
        .styles = problem->n * norma_problem_sample_styles(problem),
        .backward = reference_is_backward(problem),
    };
    sizes.planes = sizes.n * sizes.c;
    sizes.elements = sizes.planes * sizes.s;
    sizes.style_planes = sizes.styles * sizes.c;
    sizes.style_elements = sizes.style_planes * norma_problem_style_spatial(problem);
    return sizes;
}

static void use(struct reference_tensor *tensors, enum reference_tensor_id id,
                enum reference_tensor_role role, bool optional, int64_t count) {
    tensors[id].role = role;
    tensors[id].optional = optional;
    tensors[id].count = count;
}

static void need(struct reference_tensor *tensors, enum reference_tensor_id id, int64_t count) {
    use(tensors, id, REFERENCE_ROLE_INPUT, false, count);
}

static void give(struct reference_tensor *tensors, enum reference_tensor_id id, int64_t count) {
    use(tensors, id, REFERENCE_ROLE_OUTPUT, true, count);
}

/* Sets the tensors of the size of x. */
static void use_images(const struct sizes *sizes, struct reference_tensor *tensors) {
    const norma_epilogue epilogue = sizes->problem->epilogue;
    need(tensors, REFERENCE_TENSOR_x, sizes->elements);
    if (sizes->backward) {
        need(tensors, REFERENCE_TENSOR_dy, sizes->elements);
        use(tensors, REFERENCE_TENSOR_dx, REFERENCE_ROLE_OUTPUT, false, sizes->elements);
        if (epilogue != NORMA_EPILOGUE_NONE) {
            need(tensors, REFERENCE_TENSOR_y, sizes->elements);
        }
        if (epilogue == NORMA_EPILOGUE_ADD_RELU) {
            give(tensors, REFERENCE_TENSOR_dresidual, sizes->elements);
        }
        return;
    }
    use(tensors, REFERENCE_TENSOR_y, REFERENCE_ROLE_OUTPUT, false, sizes->elements);
    if (epilogue == NORMA_EPILOGUE_ADD_RELU) {
        need(tensors, REFERENCE_TENSOR_residual, sizes->elements);
    }
}

/* Sets a parameter and, backward, its gradient. */
static void use_parameter(const struct sizes *sizes, struct reference_tensor *tensors,
                          enum reference_tensor_id id, enum reference_tensor_id gradient,
                          bool optional, int64_t count) {
    if (!sizes->backward || id != REFERENCE_TENSOR_beta) {
        use(tensors, id, REFERENCE_ROLE_INPUT, optional, count);
    }
    if (sizes->backward) {
        give(tensors, gradient, count);
    }
}

static void use_affine(const struct sizes *sizes, struct reference_tensor *tensors) {
    const int64_t rows = sizes->facts->style_index ? sizes->problem->styles : 1;
    if (sizes->facts->gamma) {
        use_parameter(sizes, tensors, REFERENCE_TENSOR_gamma, REFERENCE_TENSOR_dgamma, true,
                      rows * sizes->c);
    }
    if (sizes->facts->beta) {
        use_parameter(sizes, tensors, REFERENCE_TENSOR_beta, REFERENCE_TENSOR_dbeta, true,
                      rows * sizes->c);
    }
    if (sizes->facts->style_index) {
        need(tensors, REFERENCE_TENSOR_style_index, sizes->n);
    }
}

static void use_alpha(const struct sizes *sizes, struct reference_tensor *tensors) {
    switch (sizes->problem->alpha_kind) {
    case NORMA_ALPHA_SCALAR:
        if (sizes->backward && sizes->problem->form != NORMA_FORM_VANILLA) {
            give(tensors, REFERENCE_TENSOR_dalpha, 1);
        }
        break;
    case NORMA_ALPHA_CHANNEL:
        use_parameter(sizes, tensors, REFERENCE_TENSOR_alpha, REFERENCE_TENSOR_dalpha, false,
                      sizes->c);
        break;
    case NORMA_ALPHA_ELEMENT:
        use_parameter(sizes, tensors, REFERENCE_TENSOR_alpha, REFERENCE_TENSOR_dalpha, false,
                      sizes->c * sizes->s);
        break;
    }
}

/* Sets what the style's statistics come from. Backward, they are inputs whatever the source. */
static void use_style_source(const struct sizes *sizes, struct reference_tensor *tensors) {
    const bool given = sizes->problem->style_source == NORMA_STYLE_STATS;
    const enum reference_tensor_role role =
        given || sizes->backward ? REFERENCE_ROLE_INPUT : REFERENCE_ROLE_OUTPUT;
    const bool optional = role == REFERENCE_ROLE_OUTPUT;
    use(tensors, REFERENCE_TENSOR_style_mean, role, optional, sizes->style_planes);
    use(tensors, REFERENCE_TENSOR_style_std, role, optional, sizes->style_planes);
    if (sizes->problem->style_source == NORMA_STYLE_TENSOR) {
        use_parameter(sizes, tensors, REFERENCE_TENSOR_style, REFERENCE_TENSOR_dstyle, false,
                      sizes->style_elements);
    } else if (given && sizes->backward) {
        give(tensors, REFERENCE_TENSOR_dstyle_mean, sizes->style_planes);
        give(tensors, REFERENCE_TENSOR_dstyle_std, sizes->style_planes);
    } else if (!given) {
        need(tensors, REFERENCE_TENSOR_permutation, sizes->n);
    }
}

static void use_style(const struct sizes *sizes, struct reference_tensor *tensors) {
    const struct norma_problem *problem = sizes->problem;
    use_style_source(sizes, tensors);
    if (problem->styles > 1) {
        need(tensors, REFERENCE_TENSOR_style_weights, sizes->styles);
    }
    if (problem->regions > 1) {
        need(tensors, REFERENCE_TENSOR_labels, sizes->n * sizes->s);
    }
    if (problem->pass == NORMA_PASS_FORWARD && problem->styles == 1 && problem->regions == 1) {
        give(tensors, REFERENCE_TENSOR_style_loss, sizes->n);
    }
}

static void use_parameters(const struct sizes *sizes, struct reference_tensor *tensors) {
    use_affine(sizes, tensors);
    if (sizes->facts->rho && !sizes->problem->rho_fixed) {
        use_parameter(sizes, tensors, REFERENCE_TENSOR_rho, REFERENCE_TENSOR_drho, false, sizes->c);
    }
    if (sizes->facts->alpha) {
        use_alpha(sizes, tensors);
    }
    if (sizes->facts->style) {
        use_style(sizes, tensors);
    }
}

static void use_running(const struct sizes *sizes, struct reference_tensor *tensors) {
    const bool training = sizes->problem->pass == NORMA_PASS_FORWARD;
    const enum reference_tensor_role role = training ? REFERENCE_ROLE_INOUT : REFERENCE_ROLE_INPUT;
    if (sizes->facts->running && sizes->problem->pass != NORMA_PASS_BACKWARD) {
        use(tensors, REFERENCE_TENSOR_running_mean, role, training, sizes->c);
        use(tensors, REFERENCE_TENSOR_running_variance, role, training, sizes->c);
    }
}

/* Sets the statistics that fwd returns and bwd takes. */
static void use_statistics(const struct sizes *sizes, struct reference_tensor *tensors) {
    const struct norma_problem *problem = sizes->problem;
    const enum reference_tensor_role role =
        sizes->backward ? REFERENCE_ROLE_INPUT : REFERENCE_ROLE_OUTPUT;
    const bool optional = !sizes->backward;
    if (problem->pass == NORMA_PASS_FORWARD || problem->pass == NORMA_PASS_BACKWARD) {
        const int64_t statistics = norma_problem_statistics(problem);
        if (sizes->facts->mean) {
            use(tensors, REFERENCE_TENSOR_mean, role, optional, statistics);
        }
        use(tensors, REFERENCE_TENSOR_inverse_std, role, optional, statistics);
    }
    if (sizes->facts->instances) {
        use(tensors, REFERENCE_TENSOR_instance_mean, role, optional, sizes->planes);
        use(tensors, REFERENCE_TENSOR_instance_inverse_std, role, optional, sizes->planes);
    }
}

static size_t element_size(norma_dtype dtype) {
    switch (dtype) {
    case NORMA_DTYPE_F32:
        return sizeof(float);
    }
    return 0;
}

/* The size and the type of an element, by the word that REFERENCE_TENSORS has for it. */
#define SIZE_element  element_size(dtype)
#define SIZE_float    sizeof(float)
#define SIZE_int32_t  sizeof(int32_t)
#define SIZE_uint8_t  sizeof(uint8_t)
#define DTYPE_element dtype
#define DTYPE_float   NORMA_DTYPE_F32
#define DTYPE_int32_t NORMA_DTYPE_F32 /* of no meaning, as for labels */
#define DTYPE_uint8_t NORMA_DTYPE_F32
#define UNUSED(id, type)                                                                           \
    {.name = #id, .role = REFERENCE_ROLE_UNUSED, .size = SIZE_##type, .dtype = DTYPE_##type},

norma_dtype reference_dtype_of(const struct norma_problem *problem, enum reference_tensor_id id) {
    const norma_dtype dtype = problem->dtype;
#define TYPE_OF(id, type) [REFERENCE_TENSOR_##id] = DTYPE_##type,
    const norma_dtype dtypes[REFERENCE_TENSOR_COUNT] = {REFERENCE_TENSORS(TYPE_OF)};
#undef TYPE_OF
    return dtypes[id];
}

static void set_unused(norma_dtype dtype, struct reference_tensor *tensors) {
    const struct reference_tensor unused[REFERENCE_TENSOR_COUNT] = {REFERENCE_TENSORS(UNUSED)};
    memcpy(tensors, unused, sizeof unused);
}

void reference_tensors_of(const struct norma_problem *problem,
                          struct reference_tensor tensors[REFERENCE_TENSOR_COUNT]) {
    set_unused(problem->dtype, tensors);
    const struct sizes sizes = sizes_of(problem);
    use_images(&sizes, tensors);
    use_parameters(&sizes, tensors);
    use_running(&sizes, tensors);
    use_statistics(&sizes, tensors);
}

enum reference_tensor_id reference_tensor_result(const struct norma_problem *problem) {
    return reference_is_backward(problem) ? REFERENCE_TENSOR_dx : REFERENCE_TENSOR_y;
}

enum reference_tensor_id reference_tensor_source(const struct norma_problem *problem) {
    return reference_is_backward(problem) ? REFERENCE_TENSOR_dy : REFERENCE_TENSOR_x;
}

struct norma_args reference_tensors_bind(void *const pointers[REFERENCE_TENSOR_COUNT]) {
    return (struct norma_args){
#define REFERENCE_TENSOR_BIND(id, type) .id = pointers[REFERENCE_TENSOR_##id],
        REFERENCE_TENSORS(REFERENCE_TENSOR_BIND)
#undef REFERENCE_TENSOR_BIND
    };
}

void reference_tensors_unbind(const struct norma_args *args,
                              void *pointers[REFERENCE_TENSOR_COUNT]) {
#define REFERENCE_TENSOR_UNBIND(id, type)                                                          \
    pointers[REFERENCE_TENSOR_##id] = (void *)(uintptr_t)args->id;
    REFERENCE_TENSORS(REFERENCE_TENSOR_UNBIND)
#undef REFERENCE_TENSOR_UNBIND
}

int64_t reference_most_elements(const struct norma_problem *problem) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    int64_t most = 0;
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        most = tensors[id].count > most ? tensors[id].count : most;
    }
    return most;
}

int64_t reference_tensor_positions(const struct norma_problem *problem,
                                   enum reference_tensor_id id) {
    switch (id) {
    case REFERENCE_TENSOR_x:
    case REFERENCE_TENSOR_y:
    case REFERENCE_TENSOR_residual:
    case REFERENCE_TENSOR_dy:
    case REFERENCE_TENSOR_dx:
    case REFERENCE_TENSOR_dresidual:
        return norma_problem_spatial(problem);
    case REFERENCE_TENSOR_style:
    case REFERENCE_TENSOR_dstyle:
        return norma_problem_style_spatial(problem);
    case REFERENCE_TENSOR_alpha:
    case REFERENCE_TENSOR_dalpha:
        return problem->alpha_kind == NORMA_ALPHA_ELEMENT ? norma_problem_spatial(problem) : 0;
    default:
        return 0;
    }
}

int64_t reference_turned(const struct norma_problem *problem, enum reference_tensor_id id,
                         int64_t index) {
    const int64_t positions = reference_tensor_positions(problem, id);
    return positions > 0
               ? reference_element_at(problem, index / positions, index % positions, positions)
               : index;
}
