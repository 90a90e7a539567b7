/* The oneDNN implementations: one state for all of them, made of an operator's primitives and,
 * where these work in another layout than the caller's, copies of the tensors in it.
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
    struct onednn_geometry geometry;
    int threads;
    bool empty;  /* no elements: no primitives either */
    bool copied; /* the tensors live in copies ... */
    bool timed;  /* ... that are made while the clock runs */
    struct onednn_copies copies;
    struct onednn_step gate; /* backward through a ReLU */
    const struct onednn_operator *operator;
    void *operation;
    char kernel[256];
};

/* ---- which operator, which layout --------------------------------------------------------- */

struct choice {
    const struct onednn_operator *operator; /* NULL: unsupported */
    enum onednn_layout layout;
};

struct choices {
    struct choice forward[NORMA_OPERATOR_COUNT], backward[NORMA_OPERATOR_COUNT];
};

/* An implementation without import makes its copies, if any, in execute. */
struct flavour {
    struct reference_implementation interface; /* first: the interface's address is the flavour's */
    struct choices ncs, nsc, flat;
};

static const struct flavour *flavour_of(const struct reference_implementation *implementation) {
    return (const struct flavour *)(const void *)implementation;
}

static const struct choices *choices_of(const struct flavour *flavour,
                                        const struct norma_problem *problem) {
    if (onednn_is_flat(problem)) {
        return &flavour->flat;
    }
    return problem->layout == NORMA_LAYOUT_NSC ? &flavour->nsc : &flavour->ncs;
}

static struct choice choose(const struct flavour *flavour, const struct norma_problem *problem) {
    const struct choices *choices = choices_of(flavour, problem);
    return onednn_is_backward(problem) ? choices->backward[problem->op]
                                       : choices->forward[problem->op];
}

/* ---- threads ------------------------------------------------------------------------------ */

/* oneDNN takes as many threads as OpenMP says, and expects the same number when it creates a
 * primitive and when it executes it. Returns what to give back to omp_set_num_threads. */
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
        onednn_name(text, sizeof state->kernel, &copies->tensors[ONEDNN_X].import);
    }
    onednn_name(text, sizeof state->kernel, &state->gate);
    state->operator->name(state->operation, text, sizeof state->kernel);
    if (state->timed) {
        onednn_name(text, sizeof state->kernel, &copies->tensors[ONEDNN_DX].export);
    }
}

static norma_status create_operation(struct state *state) {
    state->operation = calloc(1, state->operator->size);
    if (state->operation == NULL) {
        return NORMA_STATUS_NO_MEMORY;
    }
    const norma_status status = state->operator->create(state->operation, &state->problem,
                                                        &state->geometry, state->threads);
    if (status == NORMA_STATUS_OK) {
        name_kernel(state);
    }
    return status;
}

static norma_status create_gate(struct state *state) {
    const struct onednn_shape data = onednn_tensor(&state->geometry);
    return onednn_is_backward(&state->problem) && state->problem.epilogue != NORMA_EPILOGUE_NONE
               ? onednn_create_relu_backward(&state->gate, &data)
               : NORMA_STATUS_OK;
}

/* oneDNN holds some offsets in an int. No product here overflows: norma's sizes fit in 63 bits, and
 * the padding of the channels is checked before it is multiplied. */
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
        status = onednn_copies_create(&state->copies, problem, &state->geometry);
    }
    if (status == NORMA_STATUS_OK) {
        status = create_gate(state);
    }
    return status != NORMA_STATUS_OK ? status : create_operation(state);
}

static void destroy(void *state_pointer) {
    struct state *state = state_pointer;
    if (state->operation != NULL) {
        state->operator->destroy(state->operation);
    }
    free(state->operation);
    onednn_step_destroy(&state->gate);
    onednn_copies_destroy(&state->copies);
    free(state);
}

static norma_status create(const struct reference_implementation *self, void **state_pointer,
                           const struct norma_problem *problem, int threads) {
    const struct choice choice = choose(flavour_of(self), problem);
    if (choice.operator== NULL) {
        return NORMA_STATUS_UNSUPPORTED;
    }
    struct state *state = calloc(1, sizeof *state);
    if (state == NULL) {
        return NORMA_STATUS_NO_MEMORY;
    }
    state->problem = *problem;
    state->threads = threads > 0 ? threads : omp_get_max_threads();
    state->operator= choice.operator;
    state->empty = problem->n == 0 || problem->c == 0 || norma_problem_spatial(problem) == 0;
    state->copied = choice.layout != onednn_layout_of(problem);
    state->timed = state->copied && self->import == NULL;
    const int before = enter_threads(state);
    const norma_status status =
        state->empty ? NORMA_STATUS_OK : create_contents(state, choice.layout);
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
    if (state->empty) {
        return NORMA_STATUS_OK;
    }
    const norma_status checked = onednn_check_arguments(&state->problem, args);
    if (checked != NORMA_STATUS_OK) {
        return checked;
    }
    const int before = enter_threads(state);
    const norma_status status = onednn_copies_import(&state->copies, args);
    omp_set_num_threads(before);
    return status;
}

/* Lets dy through where the ReLU was open, to dresidual or, if nobody wants that, to dx. */
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
        status = state->operator->execute(state->operation, &own);
    }
    return status == NORMA_STATUS_OK && state->timed ? onednn_copies_export(&state->copies, args)
                                                     : status;
}

static norma_status execute(void *state_pointer, const struct norma_args *args) {
    const struct state *state = state_pointer;
    if (state->empty) {
        return onednn_execute_empty(&state->problem, args);
    }
    const norma_status checked = onednn_check_arguments(&state->problem, args);
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
    if (state->empty) {
        return NORMA_STATUS_OK;
    }
    if (onednn_is_backward(&state->problem) ? !args->dx : !args->y) {
        return NORMA_STATUS_NULL;
    }
    const int before = enter_threads(state);
    const norma_status status = onednn_copies_export(&state->copies, args);
    omp_set_num_threads(before);
    return status;
}

static const char *kernel(const void *state_pointer) {
    const struct state *state = state_pointer;
    return state->empty ? "none" : state->kernel;
}

/* ---- the table ---------------------------------------------------------------------------- */

#define COMMON                                                                                     \
    .kind = REFERENCE_KIND_PEER, .accumulation = REFERENCE_ACCUMULATE_F32, .create = create,       \
    .execute = execute, .kernel = kernel, .destroy = destroy

#define FORWARD(layout)                                                                            \
    [NORMA_OPERATOR_BN] = {&onednn_bn, layout}, [NORMA_OPERATOR_IN] = {&onednn_in, layout},        \
    [NORMA_OPERATOR_CIN] = {&onednn_in, layout}, [NORMA_OPERATOR_BIN] = {&onednn_bin, layout},     \
    [NORMA_OPERATOR_ADAIN] = {&onednn_adain, layout}, [NORMA_OPERATOR_GN] = {&onednn_gn, layout},  \
    [NORMA_OPERATOR_LN] = {&onednn_gn, layout}, [NORMA_OPERATOR_RMS] = {&onednn_unit, layout},     \
    [NORMA_OPERATOR_UNIT] = {&onednn_unit, layout}

#define BACKWARD(layout)                                                                           \
    [NORMA_OPERATOR_IN] = {&onednn_in_backward, layout},                                           \
    [NORMA_OPERATOR_CIN] = {&onednn_in_backward, layout},                                          \
    [NORMA_OPERATOR_BIN] = {&onednn_bin_backward, layout},                                         \
    [NORMA_OPERATOR_ADAIN] = {&onednn_adain_backward, layout},                                     \
    [NORMA_OPERATOR_GN] = {&onednn_gn_backward, layout},                                           \
    [NORMA_OPERATOR_RMS] = {&onednn_unit_backward, layout},                                        \
    [NORMA_OPERATOR_UNIT] = {&onednn_unit_backward, layout}

#define BN_BACKWARD(layout) [NORMA_OPERATOR_BN] = {&onednn_bn_backward, layout}
#define LN_BACKWARD(layout) [NORMA_OPERATOR_LN] = {&onednn_gn_backward, layout}

#define EVERYTHING(layout)                                                                         \
    {                                                                                              \
        .forward = {FORWARD(layout)}, .backward = {                                                \
            BACKWARD(layout),                                                                      \
            BN_BACKWARD(layout),                                                                   \
            LN_BACKWARD(layout)                                                                    \
        }                                                                                          \
    }

static const struct flavour in_place = {
    .interface = {.name = "onednn", COMMON},
    .ncs = {.forward = {FORWARD(ONEDNN_PLAIN)},
            .backward = {BACKWARD(ONEDNN_BLOCKED), BN_BACKWARD(ONEDNN_PLAIN),
                         LN_BACKWARD(ONEDNN_BLOCKED)}},
    .nsc = EVERYTHING(ONEDNN_CHANNELS_LAST),
    .flat = {.forward = {FORWARD(ONEDNN_PLAIN)},
             .backward = {BACKWARD(ONEDNN_BLOCKED), BN_BACKWARD(ONEDNN_PLAIN),
                          [NORMA_OPERATOR_LN] = {&onednn_ln_backward, ONEDNN_PLAIN}}},
};

static const struct flavour composed = {
    .interface = {.name = "onednn-composed", COMMON},
    .ncs = {.forward = {[NORMA_OPERATOR_BN] = {&onednn_bn_composed, ONEDNN_PLAIN}},
            .backward = {BN_BACKWARD(ONEDNN_BLOCKED)}},
    .nsc = {.forward = {[NORMA_OPERATOR_BN] = {&onednn_bn_composed, ONEDNN_CHANNELS_LAST}}},
};

/* What is channels-last as it is, onednn does in place. */
static const struct flavour channels_last = {
    .interface = {.name = "onednn-nhwc", COMMON, .import = import, .export = export},
    .ncs = EVERYTHING(ONEDNN_CHANNELS_LAST),
};

static const struct flavour blocked = {
    .interface = {.name = "onednn-blocked", COMMON, .import = import, .export = export},
    .ncs = EVERYTHING(ONEDNN_BLOCKED),
    .nsc = EVERYTHING(ONEDNN_BLOCKED),
    .flat = EVERYTHING(ONEDNN_BLOCKED),
};

const struct reference_implementation *const onednn_implementations[] = {
    &in_place.interface, &composed.interface, &channels_last.interface, &blocked.interface, NULL};

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
