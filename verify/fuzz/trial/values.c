/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/fuzz/trial/values.h"

#include <math.h>

#include "verify/fuzz/trial/story.h"

enum verify_data fuzz_random_data(struct fuzz_choices *choices) {
    const enum verify_data data = (enum verify_data)fuzz_choose(choices, VERIFY_DATA_COUNT);
    fuzz_tell("data %s", verify_data_name(data));
    return data;
}

/* Returns an input, which must be one of floats, or NULL if the truth has none of that name. */
static float *floats(const struct verify_truth *truth, int id) {
    return truth->inputs[id];
}

bool fuzz_limits_parameters(const struct norma_problem *problem) {
    return norma_problem_spatial(problem) == 1 &&
           (problem->op == NORMA_OPERATOR_LN || problem->op == NORMA_OPERATOR_RMS);
}

/* Returns a power of ten, in half of the cases one towards the ends of float's range. */
static double random_magnitude(struct fuzz_choices *choices) {
    static const int moderate[] = {0, -1, 3, -3, 6, -6, 9, -9};
    static const int extreme[] = {20, -20, 30, -30, 37, 38, -37, -38, -40};
    if (fuzz_chance(choices, 2)) {
        return pow(10, extreme[fuzz_choose(choices, sizeof extreme / sizeof *extreme)]);
    }
    return pow(10, moderate[fuzz_choose(choices, sizeof moderate / sizeof *moderate)]);
}

static void scale(float *x, int64_t count, double factor) {
    for (int64_t i = 0; i < count; i++) {
        x[i] = (float)((double)x[i] * factor);
    }
}

static void shift(float *x, int64_t count, double distance) {
    for (int64_t i = 0; i < count; i++) {
        x[i] = (float)((double)x[i] + distance);
    }
}

/* Gives x, the style or dy another magnitude, and then a mean of up to 1e6 times that. */
static void vary_image(struct fuzz_choices *choices, const struct verify_truth *truth, int id) {
    float *x = floats(truth, id);
    if (!x || !fuzz_chance(choices, 3)) {
        return;
    }
    const int64_t count = truth->tensors[id].count;
    const double magnitude = random_magnitude(choices);
    const double mean = fuzz_chance(choices, 2)
                            ? magnitude * pow(10, (double)fuzz_choose(choices, 7)) *
                                  (fuzz_chance(choices, 2) ? -1.0 : 1.0)
                            : 0.0;
    scale(x, count, magnitude);
    shift(x, count, mean);
    fuzz_tell(", %s times %g plus %g", truth->tensors[id].name, magnitude, mean);
}

/* ---- single values ------------------------------------------------------------------------ */

/* The values that are allowed in an input. */
enum range {
    RANGE_NONE,     /* it is not one of floats, or its values follow from others */
    RANGE_ANY,      /* every float */
    RANGE_MODERATE, /* those within 2^-86 to 2^86, 0, infinities and NaN */
    RANGE_POSITIVE, /* a variance or deviation: no restriction, but that is what it means */
    RANGE_SHARE     /* 0 to 1 */
};

static enum range range_of(const struct norma_problem *problem, int id) {
    switch (id) {
    case REFERENCE_TENSOR_y:
    case REFERENCE_TENSOR_residual:
    case REFERENCE_TENSOR_beta:
    case REFERENCE_TENSOR_x:
    case REFERENCE_TENSOR_style:
    case REFERENCE_TENSOR_dy:
    case REFERENCE_TENSOR_running_mean:
        return RANGE_ANY;
    case REFERENCE_TENSOR_gamma:
        return fuzz_limits_parameters(problem) ? RANGE_MODERATE : RANGE_ANY;
    case REFERENCE_TENSOR_running_variance:
        return RANGE_POSITIVE;
    case REFERENCE_TENSOR_style_mean:
        return problem->style_source == NORMA_STYLE_STATS ? RANGE_ANY : RANGE_NONE;
    case REFERENCE_TENSOR_style_std:
        return problem->style_source == NORMA_STYLE_STATS ? RANGE_POSITIVE : RANGE_NONE;
    case REFERENCE_TENSOR_rho:
    case REFERENCE_TENSOR_alpha:
        return RANGE_SHARE;
    default:
        return RANGE_NONE;
    }
}

static float random_value(struct fuzz_choices *choices, enum range range) {
    static const float shares[] = {0.0f, 1.0f, -0.0f, 0.5f, 0x1.fffffep-1f, 0x1p-149f};
    static const float positives[] = {0.0f, 1.0f, 1e-12f, 1e6f, 1e-3f, INFINITY, NAN};
    static const float moderate[] = {0.0f, -0.0f, 1.0f, -1.0f, 1e-6f, 300.0f, NAN, INFINITY};
    static const float any[] = {0.0f,   -0.0f, 1.0f,     -1.0f,     0x1p-149f, -0x1p-126f, 1e-6f,
                                300.0f, NAN,   INFINITY, -INFINITY, 3.4e38f,   -1e38f};
    switch (range) {
    case RANGE_SHARE:
        return shares[fuzz_choose(choices, sizeof shares / sizeof *shares)];
    case RANGE_POSITIVE:
        return positives[fuzz_choose(choices, sizeof positives / sizeof *positives)];
    case RANGE_MODERATE:
        return moderate[fuzz_choose(choices, sizeof moderate / sizeof *moderate)];
    default:
        return any[fuzz_choose(choices, sizeof any / sizeof *any)];
    }
}

/* Returns the first element, the last, or any other. */
static int64_t random_place(struct fuzz_choices *choices, int64_t count) {
    if (fuzz_chance(choices, 3)) {
        return 0;
    }
    const size_t among = count < 65536 ? (size_t)count : 65536;
    return count - 1 - (fuzz_chance(choices, 2) ? (int64_t)fuzz_choose(choices, among) : 0);
}

/* Replaces up to three values of an input, or all of them by one value. */
static void vary_elements(struct fuzz_choices *choices, const struct verify_truth *truth, int id) {
    const int64_t count = truth->tensors[id].count;
    const enum range range = range_of(&truth->problem, id);
    if (!truth->inputs[id] || range == RANGE_NONE || !fuzz_chance(choices, 4)) {
        return;
    }
    const bool all = fuzz_chance(choices, 6);
    const size_t changes = 1 + fuzz_choose(choices, 3);
    for (size_t i = 0; i < changes; i++) {
        const float value = random_value(choices, range);
        const int64_t place = all ? 0 : random_place(choices, count);
        for (int64_t k = place; k < (all ? count : place + 1); k++) {
            floats(truth, id)[k] = value;
        }
        fuzz_tell(", %s[%s%lld] = %g", truth->tensors[id].name, all ? "from " : "",
                  (long long)place, (double)value);
    }
}

/* ---- indices ------------------------------------------------------------------------------ */

static void vary_indices(struct fuzz_choices *choices, const struct verify_truth *truth) {
    int32_t *index = truth->inputs[REFERENCE_TENSOR_style_index];
    uint8_t *labels = truth->inputs[REFERENCE_TENSOR_labels];
    const bool last = fuzz_chance(choices, 2);
    if (index && fuzz_chance(choices, 3)) {
        for (int64_t n = 0; n < truth->tensors[REFERENCE_TENSOR_style_index].count; n++) {
            index[n] = last ? (int32_t)truth->problem.styles - 1 : 0;
        }
        fuzz_tell(", every style is %s", last ? "the last" : "the first");
    }
    if (labels && fuzz_chance(choices, 3)) {
        for (int64_t i = 0; i < truth->tensors[REFERENCE_TENSOR_labels].count; i++) {
            labels[i] = (uint8_t)(last ? truth->problem.regions - 1 : 0);
        }
        fuzz_tell(", every label is %s", last ? "the last" : "the first");
    }
}

void fuzz_vary_values(struct fuzz_choices *choices, const struct verify_truth *truth) {
    if (truth->data == VERIFY_DATA_NORMAL || truth->data == VERIFY_DATA_DEFAULTS) {
        vary_image(choices, truth, REFERENCE_TENSOR_x);
        vary_image(choices, truth, REFERENCE_TENSOR_style);
        vary_image(choices, truth, REFERENCE_TENSOR_dy);
    }
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        vary_elements(choices, truth, id);
    }
    vary_indices(choices, truth);
}
