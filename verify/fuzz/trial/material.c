/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/fuzz/trial/material.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "verify/checks/checks.h"
#include "verify/fuzz/trial/random_problem.h"
#include "verify/fuzz/trial/story.h"
#include "verify/fuzz/trial/values.h"

/* ---- passing ------------------------------------------------------------------------------ */

/* Leaves out none of what is optional, all, or a random part. */
static void choose_absent(struct fuzz_choices *choices, const struct reference_tensor *tensors,
                          struct fuzz_passing *passing) {
    const size_t one_in = fuzz_choose(choices, 4);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        passing->absent[id] =
            tensors[id].optional && one_in > 0 && (one_in == 1 || fuzz_chance(choices, one_in));
        if (passing->absent[id]) {
            fuzz_tell(" no %s", tensors[id].name);
        }
    }
}

static void choose_offsets(struct fuzz_choices *choices, struct fuzz_passing *passing) {
    const bool same = fuzz_chance(choices, 3), other = fuzz_chance(choices, 3);
    const size_t common = same ? fuzz_choose(choices, 16) : 0;
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        passing->offset[id] = other ? fuzz_choose(choices, 16) : common;
    }
    fuzz_tell(same || other ? " unaligned" : "");
}

/* Checks whether an input may hold any floats, so that it may be the same memory as another. */
static bool is_plain(const struct reference_tensor *tensor, int id) {
    return tensor->role == REFERENCE_ROLE_INPUT &&
           (id == REFERENCE_TENSOR_x || id == REFERENCE_TENSOR_y || id == REFERENCE_TENSOR_residual ||
            id == REFERENCE_TENSOR_gamma || id == REFERENCE_TENSOR_beta ||
            id == REFERENCE_TENSOR_running_mean || id == REFERENCE_TENSOR_dy);
}

/* Checks whether two inputs can be passed in the same memory. One that is overwritten in place
 * cannot. */
static bool may_share(const struct verify_truth *truth, const struct fuzz_passing *passing, int id,
                      int owner) {
    const struct reference_tensor *tensors = truth->tensors;
    const int source = (int)reference_tensor_source(&truth->problem);
    const bool overwritten = passing->in_place && (id == source || owner == source);
    return owner < id && is_plain(&tensors[id], id) && is_plain(&tensors[owner], owner) &&
           tensors[id].count == tensors[owner].count && tensors[id].count > 0 && !overwritten &&
           !passing->absent[id] && !passing->absent[owner] && passing->owner[owner] == owner;
}

/* Gives inputs the memory, and so the values, of earlier ones. */
static void choose_owners(struct fuzz_choices *choices, const struct verify_truth *truth,
                          struct fuzz_passing *passing) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const int owner = (int)fuzz_choose(choices, REFERENCE_TENSOR_COUNT);
        passing->owner[id] = id;
        if (may_share(truth, passing, id, owner)) {
            passing->owner[id] = owner;
            memcpy(truth->inputs[id], truth->inputs[owner],
                   reference_tensor_bytes(&truth->tensors[id]));
            fuzz_tell(" %s is %s", truth->tensors[id].name, truth->tensors[owner].name);
        }
    }
}

static void choose_passing(struct fuzz_choices *choices, const struct verify_truth *truth,
                           struct fuzz_passing *passing) {
    static const char *const names[] = {"", ", unused: wild", ", unused: x"};
    fuzz_tell("passed:");
    choose_absent(choices, truth->tensors, passing);
    choose_offsets(choices, passing);
    passing->in_place = fuzz_chance(choices, 3);
    choose_owners(choices, truth, passing);
    passing->unused = (enum fuzz_unused)fuzz_choose(choices, FUZZ_UNUSED_COUNT);
    const bool strange = fuzz_chance(choices, 4);
    passing->controls = strange ? verify_controls_strange() : verify_controls_default();
    fuzz_tell("%s%s%s\n", passing->in_place ? " in place" : "", names[passing->unused],
              strange ? ", rounding towards zero and flushing subnormals" : "");
}

/* ---- inputs ------------------------------------------------------------------------------- */

/* Takes inputs that are left out from the truth. Running statistics stay, as the reference knows of
 * an update only by what it updates. */
static void remove_absent(struct verify_truth *truth, const struct fuzz_passing *passing) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (passing->absent[id] && truth->tensors[id].role == REFERENCE_ROLE_INPUT) {
            free(truth->inputs[id]);
            truth->inputs[id] = NULL;
        }
    }
}

static void tell_problem(const struct norma_problem *problem) {
    char text[NORMA_PROBLEM_TEXT];
    norma_problem_print(problem, text, sizeof text);
    fuzz_tell("%s\n", text);
}

void fuzz_material_make(struct fuzz_choices *choices, int64_t most_elements,
                        struct fuzz_material *material) {
    const struct norma_problem problem = fuzz_random_problem(choices, most_elements);
    *material = (struct fuzz_material){.truth = NULL};
    tell_problem(&problem);
    const enum verify_data data = fuzz_random_data(choices);
    material->truth = verify_truth_create_inputs(&problem, data, fuzz_choose(choices, 65536));
    fuzz_demand(material->truth, "memory for inputs");
    fuzz_vary_values(choices, material->truth);
    fuzz_tell("\n");
    choose_passing(choices, material->truth, &material->passing);
    remove_absent(material->truth, &material->passing);
    fuzz_demand(!reference_is_backward(&problem) ||
                    verify_expected_statistics(&problem, material->truth->inputs),
                "memory for statistics");
}

void fuzz_material_destroy(struct fuzz_material *material) {
    verify_truth_destroy(material->truth);
}

/* ---- results ------------------------------------------------------------------------------ */

/* Calls a function for every output, with its unrounded values. */
static void for_each_output(const struct fuzz_material *material, void *const *pointers,
                            void (*visit)(const struct reference_tensor *tensor, double *values,
                                          void *data)) {
    struct reference_result expected = material->truth->expected;
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const struct reference_tensor *tensor = &material->truth->tensors[id];
        if (reference_is_output(tensor) && (!pointers || pointers[id])) {
            visit(tensor, *reference_place_of(&expected, (enum reference_tensor_id)id).value,
                  pointers ? pointers[id] : NULL);
        }
    }
}

/* Makes numbers that no float can hold infinite. */
static void end_range(const struct reference_tensor *tensor, double *values, void *data) {
    (void)data;
    for (int64_t i = 0; i < tensor->count; i++) {
        values[i] = fabs(values[i]) > (double)FLT_MAX ? copysign(INFINITY, values[i]) : values[i];
    }
}

void fuzz_material_expect(const struct fuzz_material *material) {
    fuzz_demand(verify_truth_expect(material->truth), "memory for the reference's results");
    for_each_output(material, NULL, end_range);
}

/* Replaces results by infinite ones of the reference, and NaNs likewise. A result in the middle of
 * float's range is no approximation of these; one that is close to the end is. */
static void judge_beyond_range(const struct reference_tensor *tensor, double *values, void *data) {
    for (int64_t i = 0; i < tensor->count; i++) {
        if (!isfinite(values[i])) {
            const double got = reference_load(tensor->dtype, data, i);
            fuzz_demand(!(fabs(got) < 0.5 * (double)FLT_MAX), "%s[%lld] to be %g, found %g",
                        tensor->name, (long long)i, values[i], got);
            reference_store(tensor->dtype, data, i, values[i]);
        }
    }
}

void fuzz_material_judge(const struct fuzz_material *material,
                         void *const pointers[REFERENCE_TENSOR_COUNT]) {
    const struct norma_problem *problem = &material->truth->problem;
    struct verify_results results;
    fuzz_demand(verify_results_keep(&results, problem, pointers), "memory for results");
    for_each_output(material, results.data, judge_beyond_range);
    struct verify_verdict verdict =
        verify_truth_compare(material->truth, REFERENCE_ACCUMULATE_F64, results.data);
    fuzz_demand(verdict.passed, "the reference's results: %s", verdict.message);
    verify_results_release(&results);
}
