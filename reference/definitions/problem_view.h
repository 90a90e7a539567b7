/* What the operators of the reference share: access to tensors, and storing results.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_DEFINITIONS_PROBLEM_VIEW_H
#define REFERENCE_DEFINITIONS_PROBLEM_VIEW_H

#include "reference/definitions/derivative.h"
#include "reference/definitions/moments.h"
#include "reference/interface/interface.h"

/* One problem with its data, as an operator's file sees it. */
struct reference_view {
    const struct norma_problem *problem;
    const struct norma_args *args;
    const struct reference_reference *result;
    int64_t n, c, s;
    bool backward; /* bwd or inf_bwd */
    bool parallel; /* large enough to wake other threads for */
    /* Scratch, for statistics that several planes need: of adain's styles [N][K][C], of unit
     * layer's channels [C] ... */
    struct reference_statistics *statistics;
    struct reference_sum *samples; /* ... and, backward, of its samples [2][N] */
};

#define REFERENCE_DECLARE_REFERENCE(upper, lower, text)                                            \
    void reference_##lower(const struct reference_view *view);
NORMA_OPERATORS(REFERENCE_DECLARE_REFERENCE)
#undef REFERENCE_DECLARE_REFERENCE

/* Where element (n, c, 0) is. */
static inline int64_t reference_plane_at(const struct reference_view *view, int64_t n, int64_t c) {
    return (n * view->c + c) * view->s;
}

/* Elements of a plane (n, c), in memory order. */
static inline const float *reference_x(const struct reference_view *view, int64_t n, int64_t c) {
    return (const float *)view->args->x + reference_plane_at(view, n, c);
}

/* The gradient of y before the epilogue, at element `index`: dy, where the saved y shows that a
 * ReLU let it through. */
static inline double reference_dy(const struct reference_view *view, int64_t index) {
    const bool shut = view->problem->epilogue != NORMA_EPILOGUE_NONE &&
                      ((const float *)view->args->y)[index] <= 0.0f;
    return shut ? 0.0 : (double)((const float *)view->args->dy)[index];
}

/* Entry `index` of gamma and beta; 1 and 0 where not given. */
double reference_gamma(const struct reference_view *view, int64_t index);
double reference_beta(const struct reference_view *view, int64_t index);

/* Stores element (n, c, s) of the result after the epilogue, which y goes into. */
void reference_put(const struct reference_view *view, int64_t n, int64_t c, int64_t s, double y,
                   double terms);
/* Stores one of the conditions of a plane, or of a region of a plane. */
void reference_put_condition(const struct reference_view *view, int64_t index, int which,
                             struct reference_condition condition);
/* Stores array[index] = value, unless the array is not wanted. */
void reference_put_value(double *array, int64_t index, double value);

#endif
