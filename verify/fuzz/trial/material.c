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
static bool is_plain(const struct norma_problem *problem, const struct reference_tensor *tensor,
                     int id) {
    const bool limited = id == REFERENCE_TENSOR_gamma && fuzz_limits_parameters(problem);
    return !limited && tensor->role == REFERENCE_ROLE_INPUT &&
           (id == REFERENCE_TENSOR_x || id == REFERENCE_TENSOR_y ||
            id == REFERENCE_TENSOR_residual || id == REFERENCE_TENSOR_gamma ||
            id == REFERENCE_TENSOR_beta || id == REFERENCE_TENSOR_running_mean ||
            id == REFERENCE_TENSOR_dy);
}

/* Checks whether two inputs can be passed in the same memory. One that is overwritten in place
 * cannot. */
static bool may_share(const struct verify_truth *truth, const struct fuzz_passing *passing, int id,
                      int owner) {
    const struct reference_tensor *tensors = truth->tensors;
    const int source = (int)reference_tensor_source(&truth->problem);
    const bool overwritten = passing->in_place && (id == source || owner == source);
    return owner < id && is_plain(&truth->problem, &tensors[id], id) &&
           is_plain(&truth->problem, &tensors[owner], owner) &&
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

static bool is_image(int id) {
    return id == REFERENCE_TENSOR_x || id == REFERENCE_TENSOR_y || id == REFERENCE_TENSOR_dy ||
           id == REFERENCE_TENSOR_residual || id == REFERENCE_TENSOR_style;
}

static bool is_real(int id) {
    return id != REFERENCE_TENSOR_style_index && id != REFERENCE_TENSOR_labels &&
           id != REFERENCE_TENSOR_permutation;
}

/* Calls a function for every output in pointers, with its place in the truth; NULL: for all. */
static void for_each_output(const struct fuzz_material *material, void *const *pointers,
                            void (*visit)(const struct fuzz_material *material,
                                          const struct reference_tensor *tensor,
                                          const struct reference_place *place, void *data)) {
    struct reference_result expected = material->truth->expected;
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const struct reference_tensor *tensor = &material->truth->tensors[id];
        if (reference_is_output(tensor) && (!pointers || pointers[id])) {
            const struct reference_place place =
                reference_place_of(&expected, (enum reference_tensor_id)id);
            visit(material, tensor, &place, pointers ? pointers[id] : NULL);
        }
    }
}

/* Makes numbers that no float can hold infinite. */
static void end_range(const struct fuzz_material *material, const struct reference_tensor *tensor,
                      const struct reference_place *place, void *data) {
    double *values = *place->value;
    (void)material;
    (void)data;
    for (int64_t i = 0; i < tensor->count; i++) {
        values[i] = fabs(values[i]) > (double)FLT_MAX ? copysign(INFINITY, values[i]) : values[i];
    }
}

void fuzz_material_expect(const struct fuzz_material *material) {
    fuzz_demand(verify_truth_expect(material->truth), "memory for the reference's results");
    for_each_output(material, NULL, end_range);
}

/* Checks whether a parameter or a statistic that the caller passes is infinite or NaN. */
static bool has_infinite_parameter(const struct verify_truth *truth) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const struct reference_tensor *tensor = &truth->tensors[id];
        const float *values = is_real(id) && !is_image(id) ? truth->inputs[id] : NULL;
        for (int64_t i = 0; values && i < tensor->count; i++) {
            if (!isfinite(values[i])) {
                return true;
            }
        }
    }
    return false;
}

/* Returns the plane [n][c] of an element of x. */
static int64_t plane_of(const struct norma_problem *problem, int64_t index) {
    const int64_t spatial = norma_problem_spatial(problem), row = problem->c * spatial;
    return problem->layout == NORMA_LAYOUT_NSC ? index / row * problem->c + index % problem->c
                                               : index / spatial;
}

/* Checks whether a condition is within the limits of norma.h, and of a bound. A deviation or norm
 * whose inverse is beyond float's range makes y infinite, and one that is infinite itself may still
 * have a finite result. */
static bool is_within_limits(const struct reference_condition *condition) {
    const bool no_inverse = condition->spread > 0.0 && 1.0 / condition->spread > (double)FLT_MAX;
    return isfinite(condition->slope * condition->mean) && isfinite(condition->spread) &&
           !no_inverse;
}

/* Checks whether the reference's roundings in double, of the mean for one, are far below float's
 * range. */
static bool is_precise(const struct reference_condition *condition) {
    return !(condition->slope * fabs(condition->mean) * 0x1p-40 > (double)FLT_MAX);
}

/* Checks whether all conditions of an element of y pass a test. */
static bool all_conditions(const struct verify_truth *truth, int64_t index,
                           bool (*test)(const struct reference_condition *condition)) {
    const struct norma_problem *problem = &truth->problem;
    const int64_t plane = plane_of(problem, index), regions = reference_regions(problem);
    for (int64_t r = 0; r < regions; r++) {
        const int64_t entry = (plane / problem->c * regions + r) * problem->c + plane % problem->c;
        for (int i = 0; i < REFERENCE_CONDITIONS; i++) {
            if (!test(&truth->expected.conditions[entry][i])) {
                return false;
            }
        }
    }
    return true;
}

/* Checks whether an element is within float's range before the residual is added. */
static bool is_finite_without_residual(const struct verify_truth *truth, int64_t index) {
    const float *residual = truth->inputs[REFERENCE_TENSOR_residual];
    return !residual || fabs(truth->expected.y[index] - (double)residual[index]) <= (double)FLT_MAX;
}

/* Checks whether a result can be compared with the reference's by an error bound. There is none for
 * infinite terms, of which a ReLU may make 0, and none where a parameter is infinite or NaN, as a
 * kernel may multiply it by 0 where a definition leaves it out. */
static bool has_bound(const struct verify_truth *truth, const struct reference_place *place,
                      int64_t index) {
    const bool y = *place->value == truth->expected.y;
    bool finite = isfinite((*place->value)[index]) &&
                  (!y || (all_conditions(truth, index, is_within_limits) &&
                          is_finite_without_residual(truth, index)));
    for (int part = 0; part < REFERENCE_PARTS; part++) {
        finite = finite && (!place->parts[part] || isfinite((*place->parts[part])[index]));
    }
    return finite;
}

/* Checks whether a result of the reference that is beyond float's range must be: whether its error
 * is far below that. */
static bool is_certain(const struct verify_truth *truth, const struct reference_place *place,
                       int64_t index) {
    bool certain = *place->value != truth->expected.y || all_conditions(truth, index, is_precise);
    for (int part = 0; part < REFERENCE_PARTS; part++) {
        certain = certain &&
                  !(place->parts[part] && (*place->parts[part])[index] * 0x1p-24 > (double)FLT_MAX);
    }
    return certain;
}

/* Replaces results that no error bound is for by the reference's, rounded in both places. Where
 * that is beyond float's range or NaN, a result in the middle of this range is wrong. */
static void judge_beyond_range(const struct fuzz_material *material,
                               const struct reference_tensor *tensor,
                               const struct reference_place *place, void *data) {
    double *values = *place->value;
    const bool infinite_parameter = has_infinite_parameter(material->truth);
    for (int64_t i = 0; i < tensor->count; i++) {
        const double got = reference_load(tensor->dtype, data, i);
        fuzz_demand(isfinite(values[i]) || !is_certain(material->truth, place, i) ||
                        !(fabs(got) < 0.5 * (double)FLT_MAX),
                    "%s[%lld] to be %g, found %g", tensor->name, (long long)i, values[i], got);
        if (!has_bound(material->truth, place, i) || (infinite_parameter && !isfinite(got))) {
            reference_store(tensor->dtype, data, i, values[i]);
            values[i] = reference_load(tensor->dtype, data, i);
        }
    }
}

void fuzz_material_judge(const struct fuzz_material *material,
                         void *const pointers[REFERENCE_TENSOR_COUNT]) {
    const struct norma_problem *problem = &material->truth->problem;
    struct verify_results results;
    fuzz_demand(verify_results_keep(&results, problem, pointers), "memory for results");
    for_each_output(material, results.data, judge_beyond_range);
    const struct verify_verdict verdict =
        verify_truth_compare(material->truth, REFERENCE_ACCUMULATE_F64, results.data);
    fuzz_demand(verdict.passed, "the reference's results: %s", verdict.message);
    verify_results_release(&results);
}
