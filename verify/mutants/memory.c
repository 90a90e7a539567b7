/* Mutants that read or write outside of the tensors, or miss a part of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
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

static bool adds(const struct norma_problem *problem) {
    return verify_is_forward(problem) && problem->epilogue == NORMA_EPILOGUE_ADD_RELU;
}

static bool has_sums(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_BN && problem->pass == NORMA_PASS_BACKWARD;
}

static bool has_tiles(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_IN && problem->n * problem->c >= 64;
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

static bool has_large_result(const struct norma_problem *problem) {
    return verify_is_forward(problem) && reference_elements(problem) > INT32_MAX;
}

/* Moves the elements from 2^31 on to where 32 bits of their offset in bytes lead, so that they seem
 * not to be written: outputs begin as NaN. */
static void wrap_offsets(struct verify_execution *execution) {
    float *y = execution->data[REFERENCE_TENSOR_y];
    for (int64_t i = (int64_t)INT32_MAX + 1; i < execution->tensors[REFERENCE_TENSOR_y].count;
         i++) {
        const uint32_t offset = (uint32_t)((uint64_t)i * sizeof *y);
        y[offset / sizeof *y] = y[i];
        y[i] = NAN;
    }
}

/* ---- inputs ---------------------------------------------------------------------------------- */

static void scale_gamma(struct verify_execution *execution) {
    float *gamma = execution->data[REFERENCE_TENSOR_gamma];
    for (int64_t c = 0; gamma && c < execution->problem.c; c++) {
        gamma[c] *= 0.5f;
    }
}

/* Uses gamma as memory, and leaves it as it was. */
static void borrow_gamma(struct verify_execution *execution) {
    volatile float *gamma = execution->data[REFERENCE_TENSOR_gamma];
    if (gamma) {
        const float kept = gamma[0];
        gamma[0] = 0.0f;
        gamma[0] = kept;
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

static bool are_aligned_alike(const void *a, const void *b) {
    const uintptr_t line = LANES * sizeof(float);
    return (uintptr_t)a % line == (uintptr_t)b % line;
}

/* Makes the result wrong where another tensor is not aligned as its source is. */
static void take_for_aligned_as_source(struct verify_execution *execution,
                                       enum reference_tensor_id id) {
    const enum reference_tensor_id source = reference_tensor_source(&execution->problem);
    float *result = execution->data[reference_tensor_result(&execution->problem)];
    if (!are_aligned_alike(execution->data[source], execution->data[id])) {
        result[0] += 1.0f;
    }
}

static void take_result_for_aligned(struct verify_execution *execution) {
    take_for_aligned_as_source(execution, reference_tensor_result(&execution->problem));
}

static void take_residual_for_aligned(struct verify_execution *execution) {
    take_for_aligned_as_source(execution, REFERENCE_TENSOR_residual);
}

static void take_dy_for_aligned(struct verify_execution *execution) {
    take_for_aligned_as_source(execution, REFERENCE_TENSOR_x);
}

/* ---- the workspace and the outputs ----------------------------------------------------------- */

static size_t ask_for_a_float_less(size_t bytes, int threads) {
    (void)threads;
    return bytes > sizeof(float) ? bytes - sizeof(float) : bytes;
}

static size_t ask_for_a_double_less(size_t bytes, int threads) {
    (void)threads;
    return bytes > sizeof(double) ? bytes - sizeof(double) : bytes;
}

static size_t ask_for_eight_threads(size_t bytes, int threads) {
    return threads > 8 ? bytes / (size_t)threads * 8 : bytes;
}

static void take_workspace_for_aligned(struct verify_execution *execution) {
    float *dx = execution->data[REFERENCE_TENSOR_dx];
    if (!are_aligned_alike(execution->workspace, NULL)) {
        dx[0] += 1.0f;
    }
}

/* Adds a number that is there before to the first element of the source, in a copy. */
static void count_what_was_there(struct verify_execution *execution, double number) {
    if (isfinite(number)) {
        float *copy =
            verify_execution_copy(execution, reference_tensor_source(&execution->problem));
        copy[0] += (float)number;
    }
}

static void read_workspace(struct verify_execution *execution) {
    if (execution->workspace) {
        count_what_was_there(execution, *(const double *)execution->workspace);
    }
}

static void read_result(struct verify_execution *execution) {
    const float *y = execution->data[REFERENCE_TENSOR_y];
    if (y != execution->data[REFERENCE_TENSOR_x]) {
        count_what_was_there(execution, (double)y[0]);
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
    {"offsets-in-32-bits", "offsets in bytes, in y, have 32 bits", VERIFY_CHECK_OFFSETS,
     .scope = VERIFY_SCOPE_PROPERTIES, .concerns = has_large_result, .after = wrap_offsets},
    {"gamma-as-scratch", "gamma is halved in place", VERIFY_CHECK_INPUTS, .concerns = has_gamma,
     .after = scale_gamma},
    {"gamma-borrowed", "gamma is written to, and restored", VERIFY_CHECK_INPUTS,
     .concerns = has_gamma, .after = borrow_gamma},
    {"x-as-scratch", "the first element of x is cleared", VERIFY_CHECK_INPUTS,
     .concerns = verify_is_forward, .after = use_x_as_scratch},
    {"result-cleared-first", "y is cleared before x is read", VERIFY_CHECK_IN_PLACE,
     .concerns = verify_is_forward, .before = clear_result},
    {"taken-for-aligned", "whole vectors are taken to be aligned", VERIFY_CHECK_UNALIGNED,
     .concerns = has_whole_vectors, .after = take_for_aligned},
    {"result-taken-for-aligned", "y is taken to be aligned as x is", VERIFY_CHECK_UNALIGNED,
     .concerns = verify_is_forward, .after = take_result_for_aligned},
    {"residual-taken-for-aligned", "the residual is taken to be aligned as x is",
     VERIFY_CHECK_UNALIGNED, .concerns = adds, .after = take_residual_for_aligned},
    {"dy-taken-for-aligned", "dy is taken to be aligned as x is", VERIFY_CHECK_UNALIGNED,
     .concerns = reference_is_backward, .after = take_dy_for_aligned},
    {"workspace-short-of-a-float", "the workspace is 4 bytes too small", VERIFY_CHECK_WORKSPACE,
     .concerns = has_sums, .ask = ask_for_a_float_less},
    {"workspace-short-of-a-double", "the workspace is 8 bytes too small", VERIFY_CHECK_WORKSPACE,
     .concerns = has_sums, .ask = ask_for_a_double_less},
    {"workspace-of-eight-threads", "the workspace has room for eight threads",
     VERIFY_CHECK_WORKSPACE, .concerns = has_tiles, .ask = ask_for_eight_threads},
    {"workspace-taken-for-aligned", "the workspace is taken to be aligned to cache lines",
     VERIFY_CHECK_WORKSPACE, .concerns = has_sums, .after = take_workspace_for_aligned},
    {"workspace-read", "what was in the workspace before counts", VERIFY_CHECK_REPETITION,
     .before = read_workspace},
    {"result-read", "what was in y before counts", VERIFY_CHECK_REPETITION,
     .concerns = verify_is_forward, .before = read_result},
    {"one-sample-refused", "a batch of one sample is called empty", VERIFY_CHECK_STATUS,
     .concerns = is_single_sample, .after = refuse},
    {0},
};
