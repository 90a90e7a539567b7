/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/layout.h"

#include <stdlib.h>
#include <string.h>

/* A tensor of `matrices` matrices, each with `channels` channels of `positions` positions. */
struct shape {
    int64_t matrices, channels, positions;
};

/* Returns the shape of a tensor; positions are 0 where it is the same in every layout. */
static struct shape shape_of(const struct norma_problem *problem, enum reference_tensor_id id,
                             const struct reference_tensor *tensor) {
    const int64_t positions =
        tensor->role == REFERENCE_ROLE_UNUSED ? 0 : reference_tensor_positions(problem, id);
    const int64_t matrix = problem->c * positions;
    return (struct shape){matrix > 0 ? tensor->count / matrix : 0, problem->c, positions};
}

static int64_t elements(const struct shape *shape) {
    return shape->matrices * shape->channels * shape->positions;
}

/* Returns the index in a channels-last tensor of element i of the same tensor channels-first. */
static int64_t channels_last(const struct shape *shape, int64_t i) {
    const int64_t s = i % shape->positions, plane = i / shape->positions;
    const int64_t m = plane / shape->channels, c = plane % shape->channels;
    return (m * shape->positions + s) * shape->channels + c;
}

/* ---- inputs ------------------------------------------------------------------------------- */

/* Returns a channels-first copy, which the caller frees; NULL if there is no memory. */
static void *copy_input(const void *from, const struct reference_tensor *tensor,
                        struct shape shape) {
    void *to = malloc(reference_tensor_bytes(tensor) + 1);
    for (int64_t i = 0; to && i < elements(&shape); i++) {
        const int64_t at = channels_last(&shape, i);
        reference_store(tensor->dtype, to, i, reference_load(tensor->dtype, from, at));
    }
    return to;
}

/* Replaces the pointers to inputs that are channels-last by pointers to copies. Returns false if
 * there is no memory. */
static bool copy_inputs(const struct norma_problem *problem,
                        const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                        void *pointers[REFERENCE_TENSOR_COUNT],
                        void *copies[REFERENCE_TENSOR_COUNT]) {
    bool complete = true;
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const struct shape shape = shape_of(problem, (enum reference_tensor_id)id, &tensors[id]);
        if (shape.positions > 0 && reference_is_input(&tensors[id]) && pointers[id]) {
            pointers[id] = copies[id] = copy_input(pointers[id], &tensors[id], shape);
            complete = complete && copies[id];
        }
    }
    return complete;
}

/* ---- results ------------------------------------------------------------------------------ */

/* Turns an array from channels-first to channels-last, in place, with room for a copy of it. */
static void turn_doubles(double *values, struct shape shape, double *room) {
    memcpy(room, values, (size_t)elements(&shape) * sizeof *values);
    for (int64_t i = 0; i < elements(&shape); i++) {
        values[channels_last(&shape, i)] = room[i];
    }
}

static void turn_place(struct reference_place place, struct shape shape, void *room) {
    if (*place.value) {
        turn_doubles(*place.value, shape, room);
    }
    for (int part = 0; part < REFERENCE_PARTS; part++) {
        if (place.parts[part] && *place.parts[part]) {
            turn_doubles(*place.parts[part], shape, room);
        }
    }
}

static void turn_results(const struct norma_problem *problem,
                         const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                         const struct reference_result *result, void *room) {
    struct reference_result arrays = *result;
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const struct shape shape = shape_of(problem, (enum reference_tensor_id)id, &tensors[id]);
        if (shape.positions > 0 && reference_is_output(&tensors[id])) {
            turn_place(reference_place_of(&arrays, (enum reference_tensor_id)id), shape, room);
        }
    }
}

/* ---- all of it ---------------------------------------------------------------------------- */

/* Returns the number of elements of the largest tensor. */
static int64_t most_elements(const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT]) {
    int64_t most = 0;
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        most = tensors[id].count > most ? tensors[id].count : most;
    }
    return most;
}

norma_status reference_channels_last(const struct norma_problem *problem,
                                     const struct norma_args *args,
                                     const struct reference_result *result, reference_runner *run) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    void *pointers[REFERENCE_TENSOR_COUNT], *copies[REFERENCE_TENSOR_COUNT] = {NULL};
    struct norma_problem first = *problem;
    norma_status status = NORMA_STATUS_NO_MEMORY;
    first.layout = NORMA_LAYOUT_NCS;
    reference_tensors_of(problem, tensors);
    reference_tensors_unbind(args, pointers);
    void *room = malloc(((size_t)most_elements(tensors) + 1) * sizeof(double));
    if (copy_inputs(problem, tensors, pointers, copies) && room) {
        const struct norma_args turned = reference_tensors_bind(pointers);
        status = run(&first, &turned, result);
    }
    if (status == NORMA_STATUS_OK) {
        turn_results(problem, tensors, result, room);
    }
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        free(copies[id]);
    }
    free(room);
    return status;
}
