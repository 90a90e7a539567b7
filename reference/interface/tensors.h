/* The tensors of a problem: which pointers of norma_args it uses, how many elements of which type
 * each has, and whether it is read or written. It is one table, so that verify, bench and the tests
 * agree.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_INTERFACE_TENSORS_H
#define REFERENCE_INTERFACE_TENSORS_H

#include <math.h>
#include <norma.h>

/* One line for each pointer of norma_args, in its order, with the type of the elements: `element`
 * for the type that the problem names, otherwise a type of C. Everything here is generated from
 * it. */
#define REFERENCE_TENSORS(X)                                                                       \
    X(x, element)                                                                                  \
    X(y, element)                                                                                  \
    X(residual, element)                                                                           \
    X(gamma, float)                                                                                \
    X(beta, float)                                                                                 \
    X(rho, float)                                                                                  \
    X(alpha, float)                                                                                \
    X(style_index, int32_t)                                                                        \
    X(style, element)                                                                              \
    X(style_mean, float)                                                                           \
    X(style_std, float)                                                                            \
    X(style_weights, float)                                                                        \
    X(labels, uint8_t)                                                                             \
    X(permutation, int32_t)                                                                        \
    X(running_mean, float)                                                                         \
    X(running_variance, float)                                                                     \
    X(mean, float)                                                                                 \
    X(inverse_std, float)                                                                          \
    X(instance_mean, float)                                                                        \
    X(instance_inverse_std, float)                                                                 \
    X(style_loss, float)                                                                           \
    X(dy, element)                                                                                 \
    X(dx, element)                                                                                 \
    X(dresidual, element)                                                                          \
    X(dgamma, float)                                                                               \
    X(dbeta, float)                                                                                \
    X(drho, float)                                                                                 \
    X(dalpha, float)                                                                               \
    X(dstyle, element)                                                                             \
    X(dstyle_mean, float)                                                                          \
    X(dstyle_std, float)

enum reference_tensor_id {
#define REFERENCE_TENSOR_ENUM(name, type) REFERENCE_TENSOR_##name,
    REFERENCE_TENSORS(REFERENCE_TENSOR_ENUM)
#undef REFERENCE_TENSOR_ENUM
        REFERENCE_TENSOR_COUNT
};

enum reference_tensor_role {
    REFERENCE_ROLE_UNUSED, /* the problem ignores it; count is 0 */
    REFERENCE_ROLE_INPUT,
    REFERENCE_ROLE_OUTPUT,
    REFERENCE_ROLE_INOUT /* read, then overwritten: running statistics in training */
};

struct reference_tensor {
    const char *name; /* as in norma_args */
    enum reference_tensor_role role;
    bool optional;     /* a caller may leave it out */
    int64_t count;     /* number of elements */
    size_t size;       /* bytes of an element */
    norma_dtype dtype; /* type of an element; not of indices and labels, which are no reals */
};

/* Fills tensors[REFERENCE_TENSOR_COUNT]. */
void reference_tensors_of(const struct norma_problem *problem,
                          struct reference_tensor tensors[REFERENCE_TENSOR_COUNT]);

/* Returns the index of position s of a plane, counted by sample and channel, in a tensor of the
 * problem's layout with `positions` positions: x and its like, or a style. */
static inline int64_t reference_element_at(const struct norma_problem *problem, int64_t plane,
                                           int64_t s, int64_t positions) {
    const int64_t row = plane / problem->c, channel = plane % problem->c;
    return problem->layout == NORMA_LAYOUT_NSC ? (row * positions + s) * problem->c + channel
                                               : plane * positions + s;
}

/* Returns the number of positions of a tensor that has an element for each of them; 0 for a tensor
 * that is the same in every layout. */
int64_t reference_tensor_positions(const struct norma_problem *problem,
                                   enum reference_tensor_id id);

/* Returns the index of the element that has number `index` in the same tensor channels-first. */
int64_t reference_turned(const struct norma_problem *problem, enum reference_tensor_id id,
                         int64_t index);

/* Returns the number of elements of x. */
static inline int64_t reference_elements(const struct norma_problem *problem) {
    return problem->n * problem->c * norma_problem_spatial(problem);
}

/* Returns the number of elements of the largest tensor: x, the style or, where these are empty,
 * another. */
int64_t reference_most_elements(const struct norma_problem *problem);

static inline size_t reference_tensor_bytes(const struct reference_tensor *tensor) {
    return (size_t)tensor->count * tensor->size;
}

static inline bool reference_is_input(const struct reference_tensor *tensor) {
    return tensor->role == REFERENCE_ROLE_INPUT || tensor->role == REFERENCE_ROLE_INOUT;
}

static inline bool reference_is_output(const struct reference_tensor *tensor) {
    return tensor->role == REFERENCE_ROLE_OUTPUT || tensor->role == REFERENCE_ROLE_INOUT;
}

/* Checks whether the pass is bwd or inf_bwd. */
static inline bool reference_is_backward(const struct norma_problem *problem) {
    return problem->pass == NORMA_PASS_BACKWARD || problem->pass == NORMA_PASS_INFERENCE_BACKWARD;
}

/* Returns the main output: y forward, dx backward. */
enum reference_tensor_id reference_tensor_result(const struct norma_problem *problem);
/* Returns the input that the main output may overwrite in place: x forward, dy backward. */
enum reference_tensor_id reference_tensor_source(const struct norma_problem *problem);

/* Returns the type of an element of tensor `id`, which must hold reals. */
norma_dtype reference_dtype_of(const struct norma_problem *problem, enum reference_tensor_id id);

/* Returns element number `index` of a tensor of the problem's element type (x, y, dy, dx, residual,
 * dresidual, style, dstyle). This and reference_store are the only places outside of libnorma that
 * depend on what such an element is. */
static inline double reference_load(norma_dtype dtype, const void *data, int64_t index) {
    switch (dtype) {
    case NORMA_DTYPE_F32:
        return ((const float *)data)[index];
    }
    return NAN;
}

/* Stores a value into such an element, rounded once. */
static inline void reference_store(norma_dtype dtype, void *data, int64_t index, double value) {
    switch (dtype) {
    case NORMA_DTYPE_F32:
        ((float *)data)[index] = (float)value;
    }
}

/* Returns args with pointers[id] for every id, and no workspace; a NULL pointer is a tensor that is
 * not given or not requested. */
struct norma_args reference_tensors_bind(void *const pointers[REFERENCE_TENSOR_COUNT]);

/* Fills pointers[] with those of args. Inputs must not be written through them. */
void reference_tensors_unbind(const struct norma_args *args,
                              void *pointers[REFERENCE_TENSOR_COUNT]);

#endif
