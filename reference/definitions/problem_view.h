/* A problem as the operators' files see it: access to its tensors, and storing results.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_DEFINITIONS_PROBLEM_VIEW_H
#define REFERENCE_DEFINITIONS_PROBLEM_VIEW_H

#include "reference/definitions/derivative.h"
#include "reference/definitions/moments.h"

struct reference_given;
struct reference_statistics;

/* One problem with its data, channels-first. */
struct reference_view {
    const struct norma_problem *problem;
    const struct norma_args *args;
    const struct reference_result *result;
    int64_t n, c, s;
    bool backward; /* the pass is bwd or inf_bwd */
    bool parallel; /* the problem is large enough to wake other threads for */
    /* Scratch for statistics that several planes need: adain's styles [N][K][C], or the channels
     * [C] of unit in its form layer. */
    struct reference_statistics *statistics;
    /* Scratch for the statistics that a backward pass is given, one for each of the problem's sets,
     * and for bin's instances [N][C] behind them. */
    struct reference_given *given;
    struct reference_sum *samples; /* scratch for unit's form layer, backward: [2][N] */
};

/* Returns the index of element (n, c, 0). */
static inline int64_t reference_plane_at(const struct reference_view *view, int64_t n, int64_t c) {
    return (n * view->c + c) * view->s;
}

/* Returns x at element `index`. */
static inline double reference_x(const struct reference_view *view, int64_t index) {
    return reference_load(view->problem->dtype, view->args->x, index);
}

/* Returns the gradient of y before the epilogue, at element `index`: dy, or 0 where the saved y
 * shows that the ReLU was closed. */
static inline double reference_dy(const struct reference_view *view, int64_t index) {
    const norma_dtype dtype = view->problem->dtype;
    const bool closed = view->problem->epilogue != NORMA_EPILOGUE_NONE &&
                        reference_load(dtype, view->args->y, index) <= 0.0;
    return closed ? 0.0 : reference_load(dtype, view->args->dy, index);
}

/* Returns planes of x: `count` of them, from number `first` on, `stride` apart. */
static inline struct reference_planes reference_planes_of(const struct reference_view *view,
                                                          int64_t first, int64_t count,
                                                          int64_t stride) {
    return (struct reference_planes){view->args->x, view->problem->dtype, first, count, stride,
                                     view->s};
}

/* Returns entry `index` of gamma or beta; 1 or 0 where it is not given. */
double reference_gamma(const struct reference_view *view, int64_t index);
double reference_beta(const struct reference_view *view, int64_t index);

/* Stores element (n, c, s) of the result: y after the epilogue. */
void reference_put(const struct reference_view *view, int64_t n, int64_t c, int64_t s, double y,
                   double terms);
/* Stores condition number `which` of a plane, or of a region of a plane. */
void reference_put_condition(const struct reference_view *view, int64_t index, int which,
                             struct reference_condition condition);
/* Stores array[index] = value, unless the array is NULL because it is not requested. */
void reference_put_value(double *array, int64_t index, double value);

#endif
