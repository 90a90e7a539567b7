/* Invalid arguments, one or several at once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <limits.h>
#include <math.h>

#include "verify/fuzz/trial/scenes.h"
#include "verify/fuzz/trial/story.h"

enum { NONE = -1 };

/* Returns the memory of an input, to be spoilt; NULL if there is none. */
static void *input(struct fuzz_scene *scene, int id) {
    return scene->material.truth->inputs[id];
}

static int64_t place_in(struct fuzz_scene *scene, int id) {
    const int64_t count = scene->material.truth->tensors[id].count;
    return (int64_t)fuzz_choose(scene->choices, count < 65536 ? (size_t)count : 65536);
}

/* ---- values -------------------------------------------------------------------------------
 *
 * Each function spoils an input, and returns false where the problem has none. */

static bool spoil_gate(struct fuzz_scene *scene) {
    static const float values[] = {NAN, 1.0000001f, -0x1p-149f, INFINITY, -1.0f};
    float *rho = input(scene, REFERENCE_TENSOR_rho);
    if (rho) {
        rho[place_in(scene, REFERENCE_TENSOR_rho)] =
            values[fuzz_choose(scene->choices, sizeof values / sizeof *values)];
    }
    return rho;
}

static bool spoil_style_index(struct fuzz_scene *scene) {
    const int32_t values[] = {-1, (int32_t)scene->material.truth->problem.styles, INT_MIN, INT_MAX};
    int32_t *index = input(scene, REFERENCE_TENSOR_style_index);
    if (index) {
        index[place_in(scene, REFERENCE_TENSOR_style_index)] =
            values[fuzz_choose(scene->choices, 4)];
    }
    return index;
}

static bool spoil_weights(struct fuzz_scene *scene) {
    static const float added[] = {1e-4f, -1e-4f, NAN, INFINITY, 1.0f};
    float *weights = input(scene, REFERENCE_TENSOR_style_weights);
    if (weights) {
        weights[place_in(scene, REFERENCE_TENSOR_style_weights)] +=
            added[fuzz_choose(scene->choices, sizeof added / sizeof *added)];
    }
    return weights;
}

static bool spoil_label(struct fuzz_scene *scene) {
    const int64_t regions = scene->material.truth->problem.regions;
    uint8_t *labels = input(scene, REFERENCE_TENSOR_labels);
    if (labels && regions < 256) {
        labels[place_in(scene, REFERENCE_TENSOR_labels)] =
            (uint8_t)(fuzz_chance(scene->choices, 2) ? 255 : regions);
    }
    return labels && regions < 256;
}

/* Puts in a duplicate, or a number that is no sample, as a permutation of one sample cannot have
 * the former. */
static bool spoil_permutation(struct fuzz_scene *scene) {
    const int64_t n = scene->material.truth->problem.n;
    const int32_t values[] = {-1, (int32_t)n, INT_MIN, INT_MAX};
    int32_t *permutation = input(scene, REFERENCE_TENSOR_permutation);
    if (permutation) {
        const int64_t place = place_in(scene, REFERENCE_TENSOR_permutation);
        permutation[place] = n > 1 && fuzz_chance(scene->choices, 2)
                                 ? permutation[(place + 1) % n]
                                 : values[fuzz_choose(scene->choices, 4)];
    }
    return permutation;
}

/* The faults of values, in the order of their statuses. */
static const struct {
    bool (*spoil)(struct fuzz_scene *scene);
    norma_status status;
} faults[] = {
    {spoil_gate, NORMA_STATUS_BAD_GATE},
    {spoil_style_index, NORMA_STATUS_BAD_STYLE_INDEX},
    {spoil_weights, NORMA_STATUS_BAD_WEIGHTS},
    {spoil_label, NORMA_STATUS_BAD_LABEL},
    {spoil_permutation, NORMA_STATUS_BAD_PERMUTATION},
};

/* Spoils values, and returns the status that the first of them has. */
static norma_status spoil_values(struct fuzz_scene *scene) {
    norma_status expected = NORMA_STATUS_OK;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        if (!fuzz_chance(scene->choices, 3) && faults[i].spoil(scene) &&
            expected == NORMA_STATUS_OK) {
            expected = faults[i].status;
            fuzz_tell("invalid: %s\n", norma_strerror(expected));
        }
    }
    return expected;
}

/* ---- pointers ----------------------------------------------------------------------------- */

/* Returns a tensor of those for which the function is true; NONE if there is none. */
static int pick(struct fuzz_choices *choices, const struct fuzz_memory *memory,
                bool (*fits)(const struct fuzz_memory *memory, int id)) {
    int ids[REFERENCE_TENSOR_COUNT], count = 0;
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        ids[count] = id;
        count += fits(memory, id);
    }
    return count > 0 ? ids[fuzz_choose(choices, (size_t)count)] : NONE;
}

static bool has_memory(const struct fuzz_memory *memory, int id) {
    return memory->data[id] && memory->tensors[id].count > 0;
}

static bool is_passed_output(const struct fuzz_memory *memory, int id) {
    return has_memory(memory, id) && reference_is_output(&memory->tensors[id]);
}

/* Checks whether a tensor is one of floats, into which any other may be placed. */
static bool has_floats(const struct fuzz_memory *memory, int id) {
    return has_memory(memory, id) && memory->tensors[id].size == sizeof(float);
}

static bool is_required(const struct fuzz_memory *memory, int id) {
    return has_memory(memory, id) && !memory->tensors[id].optional;
}

/* Points an output at another tensor, or into it. Returns false if there are no two, or if that is
 * allowed. */
static bool overlap(struct fuzz_scene *scene, struct fuzz_memory *memory) {
    const int output = pick(scene->choices, memory, is_passed_output);
    const int other = pick(scene->choices, memory, has_floats);
    const struct norma_problem *problem = &scene->material.truth->problem;
    const bool in_place = output == (int)reference_tensor_result(problem) &&
                          other == (int)reference_tensor_source(problem);
    if (output == NONE || other == NONE || in_place || output == other) {
        return false;
    }
    const size_t bytes = reference_tensor_bytes(&memory->tensors[other]);
    const size_t into = fuzz_chance(scene->choices, 2) ? bytes - sizeof(float) : 0;
    memory->data[output] = (char *)memory->data[other] + into;
    fuzz_tell("%s at byte %zu of %s\n", memory->tensors[output].name, into,
              memory->tensors[other].name);
    return true;
}

/* Leaves out what must be there, also the workspace if one is needed. */
static bool leave_out(struct fuzz_scene *scene, struct fuzz_memory *memory, size_t workspace) {
    if (workspace > 0 && fuzz_chance(scene->choices, 4)) {
        memory->args.workspace = NULL;
        fuzz_tell("no workspace\n");
        return true;
    }
    const int id = pick(scene->choices, memory, is_required);
    if (id == NONE) {
        return false;
    }
    memory->data[id] = NULL;
    fuzz_tell("no %s\n", memory->tensors[id].name);
    return true;
}

/* Binds the pointers again, but not those of tensors that are not used. */
static void bind(struct fuzz_memory *memory) {
    void *pointers[REFERENCE_TENSOR_COUNT];
    void *const workspace = memory->args.workspace;
    reference_tensors_unbind(&memory->args, pointers);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (memory->tensors[id].role != REFERENCE_ROLE_UNUSED) {
            pointers[id] = memory->data[id];
        }
    }
    memory->args = reference_tensors_bind(pointers);
    memory->args.workspace = workspace;
}

/* Spoils pointers, and returns the status of the first fault, or that of the values. */
static norma_status spoil_pointers(struct fuzz_scene *scene, struct fuzz_memory *memory,
                                   size_t workspace, norma_status expected) {
    if (fuzz_chance(scene->choices, 2) && overlap(scene, memory)) {
        expected = NORMA_STATUS_OVERLAP;
    }
    if (fuzz_chance(scene->choices, 2) && leave_out(scene, memory, workspace)) {
        expected = NORMA_STATUS_NULL;
    }
    bind(memory);
    return expected;
}

/* ---- execution ---------------------------------------------------------------------------- */

void fuzz_refuse(struct fuzz_scene *scene) {
    if (fuzz_scene_is_empty(scene)) {
        return;
    }
    struct fuzz_memory memory;
    const size_t workspace = norma_plan_workspace(scene->plan);
    norma_status expected = spoil_values(scene);
    fuzz_scene_remember(scene, workspace, &memory);
    expected = spoil_pointers(scene, &memory, workspace, expected);
    fuzz_scene_enter(scene);
    const norma_status status = norma_execute(scene->plan, &memory.args);
    fuzz_scene_leave(scene);
    fuzz_demand(status == expected, "%s; found: %s", norma_strerror(expected),
                norma_strerror(status));
    fuzz_memory_expect_kept(&memory, expected != NORMA_STATUS_OK);
    fuzz_memory_free(&memory);
}
