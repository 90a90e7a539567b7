/* Mutants that read or write outside of the tensors, or miss a part of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "verify/mutants/mutant_catalogue.h"

enum { LANES = 16 };

/* ---- which problems -------------------------------------------------------------------------- */

static bool has_tail(const struct norma_problem *problem) {
    return verify_is_forward(problem) && reference_elements(problem) % LANES != 0;
}

static bool has_whole_vectors(const struct norma_problem *problem) {
    return verify_is_forward(problem) && reference_elements(problem) % LANES == 0 &&
           problem->epilogue == NORMA_EPILOGUE_NONE;
}

/* Excludes tensors of whole pages, ahead of which no placement has an element to read. */
static bool fills_no_page(const struct norma_problem *problem) {
    return verify_is_forward(problem) && reference_elements(problem) % 1024 != 0;
}

static bool is_single_sample(const struct norma_problem *problem) {
    return verify_is_forward(problem) && problem->n == 1;
}

static bool has_gamma(const struct norma_problem *problem) {
    return verify_is_forward(problem) &&
           (problem->op == NORMA_OPERATOR_BN || problem->op == NORMA_OPERATOR_GN);
}

/* ---- tails ----------------------------------------------------------------------------------- */

static void drop_tail(float *data, int64_t count) {
    const int64_t tail = count % LANES;
    memset(data + count - tail, 0xff, (size_t)tail * sizeof *data);
}

static void double_last(float *data, int64_t count) {
    data[count - 1] *= 2.0f;
}

/* ---- outside of the tensors ------------------------------------------------------------------ */

/* Clears the elements ahead of y that share its first aligned vector. */
static void store_whole_vector(struct verify_execution *execution) {
    float *y = execution->data[REFERENCE_TENSOR_y];
    for (float *p = y; (uintptr_t)p % (LANES * sizeof(float)) != 0;) {
        *--p = 0.0f;
    }
}

static void write_behind(struct verify_execution *execution) {
    float *y = execution->data[REFERENCE_TENSOR_y];
    *(volatile float *)(y + execution->tensors[REFERENCE_TENSOR_y].count) = 0.0f;
}

static void read_at(const float *p) {
    const float unused = *(const volatile float *)p;
    (void)unused;
}

static void read_behind(struct verify_execution *execution) {
    read_at((const float *)execution->data[REFERENCE_TENSOR_x] +
            execution->tensors[REFERENCE_TENSOR_x].count);
}

static void read_ahead(struct verify_execution *execution) {
    read_at((const float *)execution->data[REFERENCE_TENSOR_x] - 1);
}

/* ---- inputs ---------------------------------------------------------------------------------- */

static void scale_gamma(struct verify_execution *execution) {
    float *gamma = execution->data[REFERENCE_TENSOR_gamma];
    for (int64_t c = 0; gamma && c < execution->problem.c; c++) {
        gamma[c] *= 0.5f;
    }
}

static void use_x_as_scratch(struct verify_execution *execution) {
    float *x = execution->data[REFERENCE_TENSOR_x];
    if (x != execution->data[REFERENCE_TENSOR_y]) {
        x[0] = 0.0f;
    }
}

/* Clears y before x is read, which matters where both are one tensor. */
static void clear_result(struct verify_execution *execution) {
    memset(execution->data[REFERENCE_TENSOR_y], 0,
           reference_tensor_bytes(&execution->tensors[REFERENCE_TENSOR_y]));
}

/* Makes y wrong where x is not aligned, as a kernel does that expects whole aligned vectors where
 * the elements fill whole vectors. */
static void take_for_aligned(struct verify_execution *execution) {
    float *y = execution->data[REFERENCE_TENSOR_y];
    if ((uintptr_t)execution->data[REFERENCE_TENSOR_x] % (LANES * sizeof(float)) != 0) {
        y[0] += 1.0f;
    }
}

static void refuse(struct verify_execution *execution) {
    execution->status = NORMA_STATUS_EMPTY;
}

const struct verify_mutant verify_mutants_memory[] = {
    {"tail-dropped", "elements that do not fill a vector are not written", VERIFY_CHECK_Y,
     .concerns = has_tail, .output = REFERENCE_TENSOR_y, .corrupt = drop_tail},
    {"tail-doubled", "the last element is added twice", VERIFY_CHECK_Y,
     .concerns = verify_is_forward, .output = REFERENCE_TENSOR_y, .corrupt = double_last},
    {"whole-vectors-stored", "a store begins at the alignment ahead of y", VERIFY_CHECK_WRITES,
     .concerns = verify_is_forward, .after = store_whole_vector},
    {"writes-behind", "an element behind y is written", VERIFY_CHECK_FAULTS,
     .concerns = verify_is_forward, .after = write_behind},
    {"reads-behind", "an element behind x is read", VERIFY_CHECK_FAULTS,
     .concerns = verify_is_forward, .before = read_behind},
    {"reads-ahead", "an element ahead of x is read", VERIFY_CHECK_FRONT, .concerns = fills_no_page,
     .before = read_ahead},
    {"gamma-as-scratch", "gamma is halved in place", VERIFY_CHECK_INPUTS, .concerns = has_gamma,
     .after = scale_gamma},
    {"x-as-scratch", "the first element of x is cleared", VERIFY_CHECK_INPUTS,
     .concerns = verify_is_forward, .after = use_x_as_scratch},
    {"result-cleared-first", "y is cleared before x is read", VERIFY_CHECK_IN_PLACE,
     .concerns = verify_is_forward, .before = clear_result},
    {"taken-for-aligned", "whole vectors are taken to be aligned", VERIFY_CHECK_UNALIGNED,
     .concerns = has_whole_vectors, .after = take_for_aligned},
    {"one-sample-refused", "a batch of one sample is called empty", VERIFY_CHECK_STATUS,
     .concerns = is_single_sample, .after = refuse},
    {0},
};
