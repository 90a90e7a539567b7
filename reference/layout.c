/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/layout.h"

#include <stdlib.h>
#include <string.h>

#include "reference/outputs.h"

/* A tensor of `matrices` samples. */
struct shape {
    int64_t matrices, channels, positions;
};

static int64_t elements(const struct shape *shape) {
    return shape->matrices * shape->channels * shape->positions;
}

/* Element i of a channels-first tensor is element channels_last(shape, i) of a channels-last one.
 */
static int64_t channels_last(const struct shape *shape, int64_t i) {
    const int64_t s = i % shape->positions, plane = i / shape->positions;
    const int64_t m = plane / shape->channels, c = plane % shape->channels;
    return (m * shape->positions + s) * shape->channels + c;
}

/* ---- inputs ------------------------------------------------------------------------------- */

enum { MOST_INPUTS = 8 };

/* Copies of inputs, to be freed. */
struct copies {
    float *list[MOST_INPUTS];
    int count;
    bool complete;
};

/* A channels-first copy; NULL where there is nothing to copy, or no memory. */
static float *copy_input(struct copies *copies, const void *tensor, struct shape shape) {
    if (!tensor) {
        return NULL;
    }
    const float *from = tensor;
    float *to = malloc(((size_t)elements(&shape) + 1) * sizeof *to);
    copies->list[copies->count++] = to;
    copies->complete = copies->complete && to;
    for (int64_t i = 0; to && i < elements(&shape); i++) {
        to[i] = from[channels_last(&shape, i)];
    }
    return to;
}

/* ---- results ------------------------------------------------------------------------------ */

/* In place, with room for a copy of the array. */
static void turn_doubles(double *values, struct shape shape, void *room) {
    double *copy = room;
    if (values) {
        memcpy(copy, values, (size_t)elements(&shape) * sizeof *values);
        for (int64_t i = 0; i < elements(&shape); i++) {
            values[channels_last(&shape, i)] = copy[i];
        }
    }
}

static void turn_floats(float *values, struct shape shape, void *room) {
    float *copy = room;
    if (values) {
        memcpy(copy, values, (size_t)elements(&shape) * sizeof *values);
        for (int64_t i = 0; i < elements(&shape); i++) {
            values[channels_last(&shape, i)] = copy[i];
        }
    }
}

static void turn_gradient(const struct reference_gradient *gradient, struct shape shape,
                          void *room) {
    turn_doubles(gradient->value, shape, room);
    turn_floats(gradient->terms, shape, room);
    turn_floats(gradient->sums, shape, room);
}

/* ---- all of it ---------------------------------------------------------------------------- */

norma_status reference_channels_last(const struct norma_problem *problem,
                                     const struct norma_args *args,
                                     const struct reference_reference *result,
                                     reference_runner *run) {
    const struct shape x = {problem->n, problem->c, norma_problem_spatial(problem)};
    const struct shape style = {problem->n * norma_problem_sample_styles(problem), problem->c,
                                norma_problem_style_spatial(problem)};
    const struct shape alpha = {1, x.channels, x.positions};
    const bool elementwise = problem->alpha_kind == NORMA_ALPHA_ELEMENT;
    const int64_t most = elements(&x) > elements(&style) ? elements(&x) : elements(&style);
    struct norma_problem first = *problem;
    struct norma_args turned = *args;
    struct copies copies = {.complete = true};
    void *room = malloc(((size_t)most + 1) * sizeof(double));
    first.layout = NORMA_LAYOUT_NCS;
    turned.x = copy_input(&copies, args->x, x);
    turned.dy = copy_input(&copies, args->dy, x);
    turned.residual = copy_input(&copies, args->residual, x);
    turned.style = copy_input(&copies, args->style, style);
    if (reference_runs_backward(problem)) {
        turned.y = copy_input(&copies, args->y, x);
    }
    if (elementwise) {
        turned.alpha = copy_input(&copies, args->alpha, alpha);
    }
    norma_status status = NORMA_STATUS_NO_MEMORY;
    if (room && copies.complete) {
        status = run(&first, &turned, result);
    }
    if (status == NORMA_STATUS_OK) {
        turn_doubles(result->y, x, room);
        turn_floats(result->terms, x, room);
        turn_doubles(result->dresidual, x, room);
        turn_gradient(&result->dx, x, room);
        turn_gradient(&result->dstyle, style, room);
        turn_gradient(&result->dalpha, elementwise ? alpha : (struct shape){0}, room);
    }
    for (int i = 0; i < copies.count; i++) {
        free(copies.list[i]);
    }
    free(room);
    return status;
}
