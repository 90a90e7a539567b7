/* The oneDNN implementations: one state for all of them, made of an operator's primitives and, for
 * oneDNN's own layouts, copies of the tensors in them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <threads.h>

#include "implementation.h"
#include "operators.h"

/* A tensor in the geometry's layout; zeros where it is not needed. */
struct copy {
    struct norma_onednn_step from_plain, to_plain;
    float *data;
};

struct state {
    struct norma_problem problem;
    struct norma_onednn_geometry geometry;
    int threads;
    bool empty; /* no elements: no primitives either */
    struct copy x, y, style, alpha;
    const struct norma_onednn_operator *operator;
    void *operation;
    char kernel[256];
};

/* ---- which operator, which layout --------------------------------------------------------- */

struct flavour {
    struct norma_implementation interface; /* first: the interface's address is the flavour's */
    enum norma_onednn_layout layout;
    const struct norma_onednn_operator *operators[NORMA_OPERATOR_COUNT]; /* NULL: unsupported */
};

static const struct flavour *flavour_of(const struct norma_implementation *implementation) {
    return (const struct flavour *)(const void *)implementation;
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

static norma_status create_copy(struct copy *copy, const struct norma_onednn_geometry *geometry) {
    const struct norma_onednn_shape plain =
        norma_onednn_shape4(geometry->n, geometry->c, 1, geometry->s, dnnl_nchw);
    const struct norma_onednn_shape own =
        norma_onednn_shape4(geometry->n, geometry->c, 1, geometry->s, geometry->tag);
    copy->data = norma_onednn_allocate(norma_onednn_elements(geometry));
    if (copy->data == NULL) {
        return NORMA_NO_MEMORY;
    }
    const norma_status status = norma_onednn_create_reorder(&copy->from_plain, &plain, &own);
    return status != NORMA_OK ? status : norma_onednn_create_reorder(&copy->to_plain, &own, &plain);
}

static bool uses_style(const struct norma_problem *problem) {
    return problem->op == NORMA_ADAIN && problem->style_source == NORMA_STYLE_TENSOR;
}

/* An alpha of elements is as large as a sample and lives in the layout of the samples. */
static bool uses_element_alpha(const struct norma_problem *problem) {
    return problem->op == NORMA_UNIT && problem->alpha_kind == NORMA_ALPHA_ELEMENT;
}

static norma_status create_copies(struct state *state) {
    const struct norma_onednn_geometry style =
        norma_onednn_with_spatial(&state->geometry, norma_problem_style_spatial(&state->problem));
    struct norma_onednn_geometry sample = state->geometry;
    sample.n = 1;
    norma_status status = create_copy(&state->x, &state->geometry);
    if (status == NORMA_OK) {
        status = create_copy(&state->y, &state->geometry);
    }
    if (status == NORMA_OK && uses_style(&state->problem)) {
        status = create_copy(&state->style, &style);
    }
    if (status == NORMA_OK && uses_element_alpha(&state->problem)) {
        status = create_copy(&state->alpha, &sample);
    }
    return status;
}

static norma_status create_operation(struct state *state) {
    state->operation = calloc(1, state->operator->size);
    if (state->operation == NULL) {
        return NORMA_NO_MEMORY;
    }
    const norma_status status = state->operator->create(state->operation, &state->problem,
                                                        &state->geometry, state->threads);
    if (status == NORMA_OK) {
        state->operator->name(state->operation, state->kernel, sizeof state->kernel);
    }
    return status;
}

/* oneDNN holds some offsets in an int. No product here overflows: norma's sizes fit in 63 bits, and
 * the padding of the channels is checked before it is multiplied. */
static bool is_too_large(const struct norma_onednn_geometry *geometry) {
    return geometry->s > INT32_MAX || geometry->channels > INT32_MAX ||
           geometry->s * geometry->channels > INT32_MAX / geometry->n;
}

static norma_status create_contents(struct state *state, enum norma_onednn_layout layout) {
    const struct norma_problem *problem = &state->problem;
    const norma_status status = norma_onednn_geometry_create(
        &state->geometry, layout, problem->n, problem->c, norma_problem_spatial(problem));
    const struct norma_onednn_geometry style =
        norma_onednn_with_spatial(&state->geometry, norma_problem_style_spatial(problem));
    if (status != NORMA_OK || is_too_large(&state->geometry) || is_too_large(&style)) {
        return status != NORMA_OK ? status : NORMA_UNSUPPORTED;
    }
    const norma_status copied = layout == NORMA_ONEDNN_PLAIN ? NORMA_OK : create_copies(state);
    return copied != NORMA_OK ? copied : create_operation(state);
}

static void destroy_copy(struct copy *copy) {
    norma_onednn_step_destroy(&copy->from_plain);
    norma_onednn_step_destroy(&copy->to_plain);
    free(copy->data);
}

static void destroy(void *state_pointer) {
    struct state *state = state_pointer;
    if (state->operation != NULL) {
        state->operator->destroy(state->operation);
    }
    free(state->operation);
    destroy_copy(&state->x);
    destroy_copy(&state->y);
    destroy_copy(&state->style);
    destroy_copy(&state->alpha);
    free(state);
}

static norma_status create(const struct norma_implementation *self, void **state_pointer,
                           const struct norma_problem *problem, int threads) {
    const struct flavour *flavour = flavour_of(self);
    if (flavour->operators[problem->op] == NULL) {
        return NORMA_UNSUPPORTED;
    }
    struct state *state = calloc(1, sizeof *state);
    if (state == NULL) {
        return NORMA_NO_MEMORY;
    }
    state->problem = *problem;
    state->threads = threads > 0 ? threads : omp_get_max_threads();
    state->operator= flavour->operators[problem->op];
    state->empty = problem->n == 0 || problem->c == 0 || norma_problem_spatial(problem) == 0;
    const int before = enter_threads(state);
    const norma_status status = state->empty ? NORMA_OK : create_contents(state, flavour->layout);
    omp_set_num_threads(before);
    if (status != NORMA_OK) {
        destroy(state);
        return status;
    }
    *state_pointer = state;
    return NORMA_OK;
}

/* ---- arguments ---------------------------------------------------------------------------- */

static bool lacks_operand(const struct norma_problem *problem, const struct norma_args *args) {
    switch (problem->op) {
    case NORMA_BIN:
        return !problem->rho_fixed && !args->rho;
    case NORMA_ADAIN:
        return uses_style(problem) ? !args->style : !args->style_mean || !args->style_std;
    case NORMA_UNIT:
        return problem->alpha_kind != NORMA_ALPHA_SCALAR && !args->alpha;
    default:
        return false;
    }
}

static bool uses_running(const struct norma_problem *problem) {
    return problem->op == NORMA_BN || problem->op == NORMA_BIN;
}

static bool lacks_required(const struct norma_problem *problem, const struct norma_args *args) {
    const bool given = uses_running(problem) && problem->pass == NORMA_INFERENCE;
    return !args->x || !args->y || lacks_operand(problem, args) ||
           (given && (!args->running_mean || !args->running_variance));
}

/* Were statistics asked for, of sets that have no elements? Sets that do not exist are fine. */
static norma_status execute_empty(const struct norma_problem *problem,
                                  const struct norma_args *args) {
    const bool sets = norma_problem_statistics(problem) > 0;
    const bool instances = problem->op == NORMA_BIN && problem->n * problem->c > 0;
    const bool mean = problem->op != NORMA_UNIT && args->mean;
    const bool running = uses_running(problem) && (args->running_mean || args->running_variance);
    const bool wanted = (sets && (mean || args->inverse_std || running)) ||
                        (instances && (args->instance_mean || args->instance_inverse_std));
    return wanted && problem->pass == NORMA_FORWARD ? NORMA_EMPTY : NORMA_OK;
}

/* ---- execute ------------------------------------------------------------------------------ */

static norma_status reorder(const struct norma_onednn_step *step, const void *from, void *to) {
    if (step->primitive == NULL) {
        return NORMA_OK;
    }
    norma_onednn_bind(step, DNNL_ARG_FROM, from);
    norma_onednn_bind(step, DNNL_ARG_TO, to);
    return norma_onednn_run(step);
}

static norma_status import_tensors(struct state *state, const struct norma_args *args) {
    norma_status status = reorder(&state->x.from_plain, args->x, state->x.data);
    if (status == NORMA_OK) {
        status = reorder(&state->style.from_plain, args->style, state->style.data);
    }
    if (status == NORMA_OK) {
        status = reorder(&state->alpha.from_plain, args->alpha, state->alpha.data);
    }
    return status;
}

static norma_status import(void *state_pointer, const struct norma_args *args) {
    struct state *state = state_pointer;
    if (state->empty) {
        return NORMA_OK;
    }
    if (lacks_required(&state->problem, args)) {
        return NORMA_NULL;
    }
    const int before = enter_threads(state);
    const norma_status status = import_tensors(state, args);
    omp_set_num_threads(before);
    return status;
}

/* The arguments with the tensors that live in the geometry's layout. */
static struct norma_args in_layout(const struct state *state, const struct norma_args *args) {
    struct norma_args own = *args;
    if (state->x.data != NULL) {
        own.x = state->x.data;
        own.y = state->y.data;
        own.style = state->style.data;
    }
    if (state->alpha.data != NULL) {
        own.alpha = state->alpha.data;
    }
    return own;
}

static norma_status execute(void *state_pointer, const struct norma_args *args) {
    struct state *state = state_pointer;
    if (state->empty) {
        return execute_empty(&state->problem, args);
    }
    if (lacks_required(&state->problem, args)) {
        return NORMA_NULL;
    }
    const struct norma_args own = in_layout(state, args);
    const int before = enter_threads(state);
    const norma_status status = state->operator->execute(state->operation, &own);
    omp_set_num_threads(before);
    return status;
}

static norma_status export(void *state_pointer, const struct norma_args *args) {
    struct state *state = state_pointer;
    if (state->empty) {
        return NORMA_OK;
    }
    if (!args->y) {
        return NORMA_NULL;
    }
    const int before = enter_threads(state);
    const norma_status status = reorder(&state->y.to_plain, state->y.data, args->y);
    omp_set_num_threads(before);
    return status;
}

static const char *kernel(const void *state_pointer) {
    const struct state *state = state_pointer;
    return state->empty ? "none" : state->kernel;
}

/* ---- the table ---------------------------------------------------------------------------- */

#define COMMON                                                                                     \
    .accumulation = NORMA_ACCUMULATE_F32, .create = create, .execute = execute, .kernel = kernel,  \
    .destroy = destroy

static const struct flavour plain = {
    .interface = {.name = "onednn", COMMON},
    .layout = NORMA_ONEDNN_PLAIN,
    .operators = {[NORMA_BN] = &norma_onednn_bn,
                  [NORMA_IN] = &norma_onednn_in,
                  [NORMA_BIN] = &norma_onednn_bin,
                  [NORMA_ADAIN] = &norma_onednn_adain,
                  [NORMA_GN] = &norma_onednn_gn,
                  [NORMA_UNIT] = &norma_onednn_unit},
};

static const struct flavour composed = {
    .interface = {.name = "onednn-composed", COMMON},
    .layout = NORMA_ONEDNN_PLAIN,
    .operators = {[NORMA_BN] = &norma_onednn_bn_composed},
};

#define IN_LAYOUT(layout_name, its_layout)                                                         \
    {                                                                                              \
        .interface = {.name = layout_name, COMMON, .import = import, .export = export},            \
        .layout = its_layout,                                                                      \
        .operators = {[NORMA_BN] = &norma_onednn_bn,   [NORMA_IN] = &norma_onednn_in,              \
                      [NORMA_BIN] = &norma_onednn_bin, [NORMA_ADAIN] = &norma_onednn_adain,        \
                      [NORMA_GN] = &norma_onednn_gn,   [NORMA_UNIT] = &norma_onednn_unit},         \
    }

static const struct flavour channels_last = IN_LAYOUT("onednn-nhwc", NORMA_ONEDNN_CHANNELS_LAST);
static const struct flavour blocked = IN_LAYOUT("onednn-blocked", NORMA_ONEDNN_BLOCKED);

const struct norma_implementation *const norma_onednn_implementations[] = {
    &plain.interface, &composed.interface, &channels_last.interface, &blocked.interface, NULL};

static char version_text[32];

static void print_version(void) {
    const dnnl_version_t *version = dnnl_version();
    snprintf(version_text, sizeof version_text, "%d.%d.%d", version->major, version->minor,
             version->patch);
}

const char *norma_onednn_version(void) {
    static once_flag once = ONCE_FLAG_INIT;
    call_once(&once, print_version);
    return version_text;
}
