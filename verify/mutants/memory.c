/* Mutants that read or write where they may not, or not where they should.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "verify/mutants/mutant_catalogue.h"

enum { LANES = 16 };

/* ---- which problems -------------------------------------------------------------------------- */

static bool is_forward(const struct norma_problem *problem) {
    return !reference_is_backward(problem);
}

static bool has_tail(const struct norma_problem *problem) {
    return is_forward(problem) && reference_elements(problem) % LANES != 0;
}

static bool has_whole_vectors(const struct norma_problem *problem) {
    return is_forward(problem) && reference_elements(problem) % LANES == 0 &&
           problem->epilogue == NORMA_EPILOGUE_NONE;
}

/* Neither end of the page is an end of the tensors. */
static bool fills_no_page(const struct norma_problem *problem) {
    return is_forward(problem) && reference_elements(problem) % 1024 != 0;
}

static bool is_single_sample(const struct norma_problem *problem) {
    return is_forward(problem) && problem->n == 1;
}

static bool has_gamma(const struct norma_problem *problem) {
    return is_forward(problem) &&
           (problem->op == NORMA_OPERATOR_BN || problem->op == NORMA_OPERATOR_GN);
}

/* ---- tails ----------------------------------------------------------------------------------- */

static float *end_of_y(const struct verify_situation *situation) {
    return (float *)situation->data[REFERENCE_TENSOR_y] +
           situation->tensors[REFERENCE_TENSOR_y].count;
}

static void drop_tail(struct verify_situation *situation) {
    const int64_t tail = situation->tensors[REFERENCE_TENSOR_y].count % LANES;
    memset(end_of_y(situation) - tail, 0xff, (size_t)tail * sizeof(float));
}

static void add_last_twice(struct verify_situation *situation) {
    end_of_y(situation)[-1] *= 2.0f;
}

/* ---- outside --------------------------------------------------------------------------------- */

/* What whole aligned vectors begin with, ahead of y, is stored as well. */
static void store_whole_vector(struct verify_situation *situation) {
    float *y = situation->data[REFERENCE_TENSOR_y];
    for (float *p = y; (uintptr_t)p % (LANES * sizeof(float)) != 0;) {
        *--p = 0.0f;
    }
}

static void write_behind(struct verify_situation *situation) {
    *(volatile float *)end_of_y(situation) = 0.0f;
}

static void read_at(const float *p) {
    const float unused = *(const volatile float *)p;
    (void)unused;
}

static void read_behind(struct verify_situation *situation) {
    read_at((const float *)situation->data[REFERENCE_TENSOR_x] +
            situation->tensors[REFERENCE_TENSOR_x].count);
}

static void read_ahead(struct verify_situation *situation) {
    read_at((const float *)situation->data[REFERENCE_TENSOR_x] - 1);
}

/* ---- inputs ---------------------------------------------------------------------------------- */

static void scale_gamma(struct verify_situation *situation) {
    float *gamma = situation->data[REFERENCE_TENSOR_gamma];
    for (int64_t c = 0; gamma && c < situation->problem.c; c++) {
        gamma[c] *= 0.5f;
    }
}

static void use_x_as_scratch(struct verify_situation *situation) {
    float *x = situation->data[REFERENCE_TENSOR_x];
    if (x != situation->data[REFERENCE_TENSOR_y]) {
        x[0] = 0.0f;
    }
}

/* y is cleared before x is read. */
static void clear_result(struct verify_situation *situation) {
    memset(situation->data[REFERENCE_TENSOR_y], 0,
           reference_tensor_bytes(&situation->tensors[REFERENCE_TENSOR_y]));
}

/* Where no tail is left, nothing is peeled off for alignment either. */
static void take_for_aligned(struct verify_situation *situation) {
    float *y = situation->data[REFERENCE_TENSOR_y];
    if ((uintptr_t)situation->data[REFERENCE_TENSOR_x] % (LANES * sizeof(float)) != 0) {
        y[0] += 1.0f;
    }
}

static void refuse(struct verify_situation *situation) {
    situation->status = NORMA_STATUS_EMPTY;
}

const struct verify_mutant verify_mutants_memory[] = {
    {"tail-dropped", "what does not fill a vector is not written", VERIFY_CHECK_Y,
     .concerns = has_tail, .after = drop_tail},
    {"tail-doubled", "the last element is added twice", VERIFY_CHECK_Y, .concerns = is_forward,
     .after = add_last_twice},
    {"whole-vectors-stored", "a store begins at the alignment ahead of y", VERIFY_CHECK_WRITES,
     .concerns = is_forward, .after = store_whole_vector},
    {"writes-behind", "an element behind y is written", VERIFY_CHECK_FAULTS, .concerns = is_forward,
     .after = write_behind},
    {"reads-behind", "an element behind x is read", VERIFY_CHECK_FAULTS, .concerns = is_forward,
     .before = read_behind},
    {"reads-ahead", "an element ahead of x is read", VERIFY_CHECK_FRONT, .concerns = fills_no_page,
     .before = read_ahead},
    {"gamma-as-scratch", "gamma is halved in place", VERIFY_CHECK_INPUTS, .concerns = has_gamma,
     .after = scale_gamma},
    {"x-as-scratch", "the first element of x is cleared", VERIFY_CHECK_INPUTS,
     .concerns = is_forward, .after = use_x_as_scratch},
    {"result-cleared-first", "y is cleared before x is read", VERIFY_CHECK_IN_PLACE,
     .concerns = is_forward, .before = clear_result},
    {"taken-for-aligned", "whole vectors are taken to be aligned", VERIFY_CHECK_UNALIGNED,
     .concerns = has_whole_vectors, .after = take_for_aligned},
    {"one-sample-refused", "a batch of one sample is called empty", VERIFY_CHECK_STATUS,
     .concerns = is_single_sample, .after = refuse},
    {0},
};
