/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/fuzz/trial/stage_limits.h"

#include <math.h>

static void keep_plane(const struct norma_problem *problem, const float *executed, float *staged) {
    const int64_t spatial = norma_problem_spatial(problem);
    for (int64_t s = 0; s < spatial; s++) {
        const int64_t at = reference_element_at(problem, 0, s, spatial);
        staged[at] = executed[at];
    }
}

/* Returns the entry of the coefficients that a plane has: one for each plane, each channel, or each
 * row. */
static int64_t entry_of(const struct fuzz_rank *rank, int64_t plane) {
    const struct norma_problem *problem = &rank->problem;
    if (norma_stage_affine_entries(rank->planned.plan) == problem->n * problem->c) {
        return plane;
    }
    return reference_facts_of(problem)->sets == REFERENCE_SETS_CHANNEL ? plane % problem->c
                                                                       : plane / problem->c;
}

/* Checks whether an entry is not as exact as norma_execute's coefficients. With unit's rows the sum
 * of three floats is a double, whose last digits are below those of floats if it is small. */
static bool is_inexact(const struct fuzz_rank *rank, int64_t entry) {
    const struct norma_problem *problem = &rank->problem;
    const bool rows = problem->op == NORMA_OPERATOR_UNIT && problem->form == NORMA_FORM_PRACTICAL &&
                      norma_problem_spatial(problem) == 1;
    const float scale = rank->affine.scale[entry];
    return !isnormal(scale) || !isfinite(rank->affine.shift[entry]) || (rows && scale < 0x1p-96f);
}

void fuzz_keep_unstaged(const struct fuzz_scene *scene, struct fuzz_rank *rank, int64_t first) {
    const struct norma_problem *problem = &rank->problem;
    const int64_t channels = problem->c, spatial = norma_problem_spatial(problem);
    const float *executed = scene->memory.data[REFERENCE_TENSOR_y];
    float *staged = rank->memory.data[REFERENCE_TENSOR_y];
    if (reference_is_backward(problem)) {
        return;
    }
    for (int64_t p = 0; p < problem->n * channels; p++) {
        const int64_t entry = entry_of(rank, p);
        if (is_inexact(rank, entry)) {
            keep_plane(problem,
                       executed + reference_element_at(problem, first * channels + p, 0, spatial),
                       staged + reference_element_at(problem, p, 0, spatial));
        }
    }
}

/* A mean is taken for large in a wider range than norma's, which cannot be in doubt. */
static bool may_be_large(double mean, double inverse_std, double epsilon) {
    const double share = 1.0 - epsilon * inverse_std * inverse_std - 0x1p-18;
    const double ratio = mean * inverse_std;
    return ratio * ratio > 9.0 * fmax(share, 0.0);
}

bool fuzz_is_unstaged(const struct fuzz_scene *scene) {
    const struct norma_problem *problem = &scene->material.truth->problem;
    const float *mean = scene->material.truth->inputs[REFERENCE_TENSOR_mean];
    const float *inverse_std = scene->material.truth->inputs[REFERENCE_TENSOR_inverse_std];
    const bool layer = problem->op == NORMA_OPERATOR_UNIT && problem->form == NORMA_FORM_LAYER &&
                       problem->pass == NORMA_PASS_BACKWARD;
    bool any = false;
    for (int64_t c = 0; layer && c < problem->c; c++) {
        any |= may_be_large((double)mean[c], (double)inverse_std[c], problem->epsilon);
    }
    return any;
}
