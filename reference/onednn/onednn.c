/* The oneDNN implementations. They share one kind of state, made of an operator's primitives and,
 * where these work in another layout than the caller's, copies of the tensors in that layout.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <threads.h>

#include "reference/onednn/compositions/compositions.h"
#include "reference/onednn/onednn.h"
#include "reference/onednn/steps/steps.h"

struct state {
    struct norma_problem problem;
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    struct onednn_geometry geometry;
    int threads;
    bool copied; /* the primitives work on copies of the tensors */
    bool timed;  /* the copies are made in execute, and so are timed */
    struct onednn_copies copies;
    struct onednn_step gate; /* backward through a ReLU */
    const struct onednn_operator *methods;
    void *operation; /* NULL: there are no elements, and so no primitives */
    char kernel[256];
};

/* ---- which composition, in which layout --------------------------------------------------- */

struct choice {
    const struct onednn_operator *methods; /* NULL: unsupported */
    enum onednn_layout layout;
};

/* An implementation without import makes its copies, if any, in execute. */
struct flavour {
    struct reference_implementation interface; /* must be first, as flavour_of casts its address */
    struct choice (*choose)(const struct norma_problem *problem);
};

static const struct flavour *flavour_of(const struct reference_implementation *implementation) {
    return (const struct flavour *)(const void *)implementation;
}

static const struct {
    const struct onednn_operator *forward, *backward;
} compositions[NORMA_OPERATOR_COUNT] = {
    [NORMA_OPERATOR_BN] = {&onednn_bn, &onednn_bn_backward},
    [NORMA_OPERATOR_IN] = {&onednn_in, &onednn_in_backward},
    [NORMA_OPERATOR_CIN] = {&onednn_in, &onednn_in_backward},
    [NORMA_OPERATOR_BIN] = {&onednn_bin, &onednn_bin_backward},
    [NORMA_OPERATOR_ADAIN] = {&onednn_adain, &onednn_adain_backward},
    [NORMA_OPERATOR_GN] = {&onednn_gn, &onednn_gn_backward},
    [NORMA_OPERATOR_LN] = {&onednn_gn, &onednn_gn_backward},
    [NORMA_OPERATOR_RMS] = {&onednn_unit, &onednn_unit_backward},
    [NORMA_OPERATOR_UNIT] = {&onednn_unit, &onednn_unit_backward},
};

static const struct onednn_operator *composition_of(const struct norma_problem *problem) {
    return reference_is_backward(problem) ? compositions[problem->op].backward
                                          : compositions[problem->op].forward;
}

static const struct choice unsupported = {.methods = NULL};

/* Chooses the fastest composition in the problem's own layout. Backward ones other than bn's do not
 * work in the plain layout, but on blocked copies. */
static struct choice choose_in_place(const struct norma_problem *problem) {
    const enum onednn_layout layout = onednn_layout_of(problem);
    if (!reference_is_backward(problem) || layout == ONEDNN_CHANNELS_LAST ||
        problem->op == NORMA_OPERATOR_BN) {
        return (struct choice){composition_of(problem), layout};
    }
    if (problem->op == NORMA_OPERATOR_LN && onednn_is_flat(problem)) {
        return (struct choice){&onednn_ln_backward, ONEDNN_PLAIN};
    }
    return (struct choice){composition_of(problem), ONEDNN_BLOCKED};
}

/* Chooses an alternative to the primitive for bn in the problem's own layout: a composition of
 * others forward, and the primitive on blocked copies backward. */
static struct choice choose_composed(const struct norma_problem *problem) {
    if (problem->op != NORMA_OPERATOR_BN || onednn_is_flat(problem)) {
        return unsupported;
    }
    if (!reference_is_backward(problem)) {
        return (struct choice){&onednn_bn_composed, onednn_layout_of(problem)};
    }
    return problem->layout == NORMA_LAYOUT_NCS
               ? (struct choice){&onednn_bn_backward, ONEDNN_BLOCKED}
               : unsupported;
}

#if ONEDNN_HAS_GROUP_NORMALIZATION
/* Chooses the group normalization primitive in the problem's own layout. It has no sum with a
 * residual. Backward it is reference code, hundreds of times slower than the composition. */
static struct choice choose_primitive(const struct norma_problem *problem) {
    const bool grouped = problem->op == NORMA_OPERATOR_GN || problem->op == NORMA_OPERATOR_LN ||
                         problem->op == NORMA_OPERATOR_IN;
    return grouped && !reference_is_backward(problem) &&
                   problem->epilogue != NORMA_EPILOGUE_ADD_RELU
               ? (struct choice){&onednn_gn_primitive, onednn_layout_of(problem)}
               : unsupported;
}
#endif

/* Chooses channels-last copies. A problem that is channels-last already needs none, which would be
 * the implementation `onednn` under another name. */
static struct choice choose_channels_last(const struct norma_problem *problem) {
    return problem->layout == NORMA_LAYOUT_NSC || onednn_is_flat(problem)
               ? unsupported
               : (struct choice){composition_of(problem), ONEDNN_CHANNELS_LAST};
}

static struct choice choose_blocked(const struct norma_problem *problem) {
    return (struct choice){composition_of(problem), ONEDNN_BLOCKED};
}

/* ---- threads ------------------------------------------------------------------------------ */

/* Sets the number of threads of OpenMP, which oneDNN takes; it expects the same number when it
 * creates a primitive and when it executes it. Returns the number to restore afterwards. */
static int enter_threads(const struct state *state) {
    const int before = omp_get_max_threads();
    omp_set_num_threads(state->threads);
    return before;
}

/* ---- create ------------------------------------------------------------------------------- */

static void name_kernel(struct state *state) {
    const struct onednn_copies *copies = &state->copies;
    char *const text = state->kernel;
    if (state->timed) {
        onednn_name(text, sizeof state->kernel, &copies->tensors[REFERENCE_TENSOR_x].import);
    }
    onednn_name(text, sizeof state->kernel, &state->gate);
    state->methods->name(state->operation, text, sizeof state->kernel);
    if (state->timed) {
        onednn_name(text, sizeof state->kernel, &copies->tensors[REFERENCE_TENSOR_dx].export);
    }
}

static norma_status create_operation(struct state *state) {
    state->operation = calloc(1, state->methods->size);
    if (state->operation == NULL) {
        return NORMA_STATUS_NO_MEMORY;
    }
    const norma_status status =
        state->methods->create(state->operation, &state->problem, &state->geometry, state->threads);
    if (status == NORMA_STATUS_OK) {
        name_kernel(state);
    }
    return status;
}

static norma_status create_gate(struct state *state) {
    const struct onednn_shape data = onednn_tensor(&state->geometry);
    return reference_is_backward(&state->problem) && state->problem.epilogue != NORMA_EPILOGUE_NONE
               ? onednn_create_relu_backward(&state->gate, &data)
               : NORMA_STATUS_OK;
}

/* Checks whether offsets exceed an int, which oneDNN holds some of them in. No product here
 * overflows, because norma's sizes fit in 63 bits, and the padding of the channels is checked
 * before it is multiplied. */
static bool is_too_large(const struct onednn_geometry *geometry) {
    return geometry->s > INT32_MAX || geometry->channels > INT32_MAX || geometry->n > INT32_MAX ||
           geometry->s * geometry->channels > INT32_MAX / geometry->n;
}

static norma_status create_contents(struct state *state, enum onednn_layout layout) {
    const struct norma_problem *problem = &state->problem;
    norma_status status = onednn_geometry_create(&state->geometry, layout, problem->n, problem->c,
                                                 norma_problem_spatial(problem));
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    const struct onednn_geometry style = onednn_style_geometry(&state->geometry, problem);
    if (is_too_large(&state->geometry) || (style.n > 0 && is_too_large(&style))) {
        return NORMA_STATUS_UNSUPPORTED;
    }
    if (state->copied) {
        status = onednn_copies_create(&state->copies, problem, state->tensors, &state->geometry);
    }
    if (status == NORMA_STATUS_OK) {
        status = create_gate(state);
    }
    return status != NORMA_STATUS_OK ? status : create_operation(state);
}

static void destroy(void *state_pointer) {
    struct state *state = state_pointer;
    if (state->operation != NULL) {
        state->methods->destroy(state->operation);
    }
    free(state->operation);
    onednn_step_destroy(&state->gate);
    onednn_copies_destroy(&state->copies);
    free(state);
}

static norma_status create(const struct reference_implementation *self, void **state_pointer,
                           const struct norma_problem *problem, int threads) {
    const struct choice choice = flavour_of(self)->choose(problem);
    if (choice.methods == NULL) {
        return NORMA_STATUS_UNSUPPORTED;
    }
    struct state *state = calloc(1, sizeof *state);
    if (state == NULL) {
        return NORMA_STATUS_NO_MEMORY;
    }
    state->problem = *problem;
    reference_tensors_of(problem, state->tensors);
    state->threads = threads > 0 ? threads : omp_get_max_threads();
    state->methods = choice.methods;
    state->copied = choice.layout != onednn_layout_of(problem);
    state->timed = state->copied && self->import == NULL;
    const int before = enter_threads(state);
    const norma_status status =
        reference_elements(problem) > 0 ? create_contents(state, choice.layout) : NORMA_STATUS_OK;
    omp_set_num_threads(before);
    if (status != NORMA_STATUS_OK) {
        destroy(state);
        return status;
    }
    *state_pointer = state;
    return NORMA_STATUS_OK;
}

/* ---- execute ------------------------------------------------------------------------------ */

static norma_status import(void *state_pointer, const struct norma_args *args) {
    const struct state *state = state_pointer;
    if (state->operation == NULL) {
        return NORMA_STATUS_OK;
    }
    const norma_status checked = onednn_check_arguments(&state->problem, state->tensors, args);
    if (checked != NORMA_STATUS_OK) {
        return checked;
    }
    const int before = enter_threads(state);
    const norma_status status = onednn_copies_import(&state->copies, args);
    omp_set_num_threads(before);
    return status;
}

/* Lets dy through where the ReLU was open, to dresidual or, if that is not requested, to dx. */
static norma_status run_gate(const struct state *state, struct norma_args *args) {
    void *const open = args->dresidual != NULL ? args->dresidual : args->dx;
    if (state->gate.primitive == NULL) {
        return NORMA_STATUS_OK;
    }
    onednn_bind(&state->gate, DNNL_ARG_DST, args->y);
    onednn_bind(&state->gate, DNNL_ARG_DIFF_DST, args->dy);
    onednn_bind(&state->gate, DNNL_ARG_DIFF_SRC, open);
    args->dy = open;
    return onednn_run(&state->gate);
}

static norma_status run(const struct state *state, const struct norma_args *args) {
    struct norma_args own = state->copied ? onednn_copied_args(&state->copies, args) : *args;
    norma_status status =
        state->timed ? onednn_copies_import(&state->copies, args) : NORMA_STATUS_OK;
    if (status == NORMA_STATUS_OK) {
        status = run_gate(state, &own);
    }
    if (status == NORMA_STATUS_OK) {
        status = state->methods->execute(state->operation, &own);
    }
    return status == NORMA_STATUS_OK && state->timed ? onednn_copies_export(&state->copies, args)
                                                     : status;
}

static norma_status execute(void *state_pointer, const struct norma_args *args) {
    const struct state *state = state_pointer;
    if (state->operation == NULL) {
        return reference_execute_empty(&state->problem, state->tensors, args);
    }
    const norma_status checked = onednn_check_arguments(&state->problem, state->tensors, args);
    if (checked != NORMA_STATUS_OK) {
        return checked;
    }
    const int before = enter_threads(state);
    const norma_status status = run(state, args);
    omp_set_num_threads(before);
    return status;
}

static norma_status export(void *state_pointer, const struct norma_args *args) {
    const struct state *state = state_pointer;
    if (state->operation == NULL) {
        return NORMA_STATUS_OK;
    }
    if (reference_is_backward(&state->problem) ? !args->dx : !args->y) {
        return NORMA_STATUS_NULL;
    }
    const int before = enter_threads(state);
    const norma_status status = onednn_copies_export(&state->copies, args);
    omp_set_num_threads(before);
    return status;
}

static const char *kernel(const void *state_pointer) {
    const struct state *state = state_pointer;
    return state->operation == NULL ? "none" : state->kernel;
}

/* ---- the implementations ------------------------------------------------------------------ */

#define COMMON                                                                                     \
    .kind = REFERENCE_KIND_PEER, .accumulation = REFERENCE_ACCUMULATE_F32, .create = create,       \
    .execute = execute, .kernel = kernel, .destroy = destroy

static const struct flavour in_place = {
    .interface = {.name = "onednn", COMMON},
    .choose = choose_in_place,
};

static const struct flavour composed = {
    .interface = {.name = "onednn-composed", COMMON},
    .choose = choose_composed,
};

#if ONEDNN_HAS_GROUP_NORMALIZATION
static const struct flavour primitive = {
    .interface = {.name = "onednn-primitive", COMMON},
    .choose = choose_primitive,
};
#endif

static const struct flavour channels_last = {
    .interface = {.name = "onednn-nhwc", COMMON, .import = import, .export = export},
    .choose = choose_channels_last,
};

static const struct flavour blocked = {
    .interface = {.name = "onednn-blocked", COMMON, .import = import, .export = export},
    .choose = choose_blocked,
};

const struct reference_implementation *const onednn_implementations[] = {
    &in_place.interface,
    &composed.interface,
    &channels_last.interface,
    &blocked.interface,
#if ONEDNN_HAS_GROUP_NORMALIZATION
    &primitive.interface,
#endif
    NULL,
};

/* ---- version ------------------------------------------------------------------------------ */

static char version_text[32];

static void print_version(void) {
    const dnnl_version_t *version = dnnl_version();
    snprintf(version_text, sizeof version_text, "%d.%d.%d", version->major, version->minor,
             version->patch);
}

const char *onednn_version(void) {
    static once_flag once = ONCE_FLAG_INIT;
    call_once(&once, print_version);
    return version_text;
}
