/* What a fixture is to yield, from the definitions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reference/onednn/tests/onednn_fixture.h"

/* The forward problem that this one is, or is the gradient of. */
static struct norma_problem forward_of(const struct norma_problem *problem) {
    struct norma_problem forward = *problem;
    if (problem->pass == NORMA_PASS_BACKWARD) {
        forward.pass = NORMA_PASS_FORWARD;
    } else if (problem->pass == NORMA_PASS_INFERENCE_BACKWARD) {
        forward.pass = NORMA_PASS_INFERENCE;
    }
    return forward;
}

/* Does the problem have it, and does it hold floats? */
static bool is_real(const struct reference_tensor tensors[], int id) {
    return tensors[id].role != REFERENCE_ROLE_UNUSED && id != REFERENCE_TENSOR_style_index &&
           id != REFERENCE_TENSOR_permutation && id != REFERENCE_TENSOR_labels;
}

static double *zeros(int64_t count) {
    double *values = calloc((size_t)count + 1, sizeof *values);
    cr_assert(values);
    return values;
}

/* Doubles with the values, channels-first, or zeros without. */
static double *copy_of(const struct norma_problem *problem, enum reference_tensor_id id,
                       const float *values, int64_t count) {
    double *copy = zeros(count);
    for (int64_t i = 0; values && i < count; i++) {
        copy[i] = (double)values[place_of(problem, id, i)];
    }
    return copy;
}

/* A definition of the forward problem, of the values in args. It has room for all outputs, and for
 * a residual, which backward passes are not given. */
static struct definition definition_of(const struct fixture *f, const struct norma_args *args) {
    struct definition d = {.problem = forward_of(&f->problem),
                           .style_index = args->style_index,
                           .permutation = args->permutation};
    const void *given[REFERENCE_TENSOR_COUNT] = {0};
#define GIVEN(name, type) given[REFERENCE_TENSOR_##name] = args->name;
    REFERENCE_TENSORS(GIVEN)
#undef GIVEN
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(&d.problem, tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const bool output = tensors[id].role == REFERENCE_ROLE_OUTPUT;
        if (is_real(tensors, id) && (given[id] || output || id == REFERENCE_TENSOR_residual)) {
            d.tensors[id] = copy_of(&f->problem, (enum reference_tensor_id)id,
                                    output ? NULL : given[id], tensors[id].count);
        }
    }
    return d;
}

static void release(struct definition *d) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        free(d->tensors[id]);
    }
}

void fill_from_forward(const struct fixture *f) {
    const struct norma_args args = args_of(f);
    struct definition d = definition_of(f, &args);
    const bool stats = f->problem.style_source == NORMA_STYLE_STATS;
    for (int64_t i = 0;
         d.tensors[REFERENCE_TENSOR_residual] && i < f->tensors[REFERENCE_TENSOR_x].count; i++) {
        d.tensors[REFERENCE_TENSOR_residual][i] = sin((double)i);
    }
    define(&d);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const bool result =
            id == REFERENCE_TENSOR_y ||
            (id >= REFERENCE_TENSOR_mean && id <= REFERENCE_TENSOR_instance_inverse_std) ||
            (!stats && (id == REFERENCE_TENSOR_style_mean || id == REFERENCE_TENSOR_style_std));
        for (int64_t i = 0; result && f->data[id] && i < f->tensors[id].count; i++) {
            const int64_t at = place_of(&f->problem, (enum reference_tensor_id)id, i);
            ((float *)f->data[id])[at] = (float)d.tensors[id][i];
        }
    }
    release(&d);
}

static void expect_forward(struct fixture *f, const struct norma_args *args) {
    struct definition d = definition_of(f, args);
    define(&d);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (f->expected[id] && d.tensors[id]) {
            memcpy(f->expected[id], d.tensors[id], (size_t)f->tensors[id].count * sizeof(double));
        }
    }
    release(&d);
}

/* dy behind the epilogue, as the saved y says; channels-first. */
static double *open_gradient(const struct fixture *f, const struct norma_args *args) {
    const int64_t count = f->tensors[REFERENCE_TENSOR_dy].count;
    const bool gated = f->problem.epilogue != NORMA_EPILOGUE_NONE;
    double *dy = zeros(count);
    for (int64_t i = 0; i < count; i++) {
        const int64_t at = place_of(&f->problem, REFERENCE_TENSOR_dy, i);
        const bool open = !gated || ((const float *)args->y)[at] > 0;
        dy[i] = open ? (double)((const float *)args->dy)[at] : 0;
    }
    return dy;
}

/* What is differentiated by: one of the tensors, as it is or as what it stands for where it is not
 * given (gamma 1, and beta, which does not matter); or the problem's own alpha. */
static double *variables_of(struct definition *d, enum reference_tensor_id id, int64_t count) {
    if (id == REFERENCE_TENSOR_alpha && d->problem.alpha_kind == NORMA_ALPHA_SCALAR) {
        return &d->problem.alpha;
    }
    if (!d->tensors[id]) {
        d->tensors[id] = zeros(count);
        for (int64_t i = 0; id == REFERENCE_TENSOR_gamma && i < count; i++) {
            d->tensors[id][i] = 1;
        }
    }
    return d->tensors[id];
}

static void expect_backward(struct fixture *f, const struct norma_args *args) {
    static const struct {
        enum reference_tensor_id gradient, of;
    } pairs[] = {{REFERENCE_TENSOR_dx, REFERENCE_TENSOR_x},
                 {REFERENCE_TENSOR_dgamma, REFERENCE_TENSOR_gamma},
                 {REFERENCE_TENSOR_dbeta, REFERENCE_TENSOR_beta},
                 {REFERENCE_TENSOR_drho, REFERENCE_TENSOR_rho},
                 {REFERENCE_TENSOR_dalpha, REFERENCE_TENSOR_alpha},
                 {REFERENCE_TENSOR_dstyle, REFERENCE_TENSOR_style},
                 {REFERENCE_TENSOR_dstyle_mean, REFERENCE_TENSOR_style_mean},
                 {REFERENCE_TENSOR_dstyle_std, REFERENCE_TENSOR_style_std}};
    struct definition d = definition_of(f, args);
    double *dy = open_gradient(f, args);
    d.problem.epilogue = NORMA_EPILOGUE_NONE;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const int64_t count = f->tensors[pairs[i].gradient].count;
        double *expected = f->expected[pairs[i].gradient];
        if (expected) {
            differentiate(&d, dy, variables_of(&d, pairs[i].of, count), count, expected);
        }
    }
    if (f->expected[REFERENCE_TENSOR_dresidual]) {
        memcpy(f->expected[REFERENCE_TENSOR_dresidual], dy,
               (size_t)f->tensors[REFERENCE_TENSOR_dy].count * sizeof *dy);
    }
    free(dy);
    release(&d);
}

void expect(struct fixture *f, const struct norma_args *args) {
    if (reference_is_backward(&f->problem)) {
        expect_backward(f, args);
    } else {
        expect_forward(f, args);
    }
}
