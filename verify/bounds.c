/* SPDX-License-Identifier: Apache-2.0 */
#include "bounds.h"

#include <math.h>

#define U32 0x1p-24 /* unit roundoff of float */
#define U64 0x1p-53 /* of double */

/* Second-order terms of the analysis, and the reference's own rounding. */
#define SLACK 1.001
/* Below this, floats are subnormal and errors absolute: a few halves of the smallest step. */
#define SUBNORMAL 0x1p-147

enum {
    CHUNK =
        4096, /* norma's contract: centred sums over at most so many elements, in 16 lanes, ... */
    LANES = 16,
    TREE = 4 /* ... lanes summed in a tree of this depth */
};

/* Double sums of d = x - x0 per chunk, merged. README.md, "Statistics in double". */
static struct norma_statistics_error error_f64(const struct norma_condition *condition) {
    const double n = (double)condition->count;
    const double length = n < CHUNK ? n : CHUNK;
    const double additions = ceil(length / LANES) + TREE + 4;
    const double merges = ceil(n / length) + 4;
    const double offset = (1.0 + sqrt(length)) * condition->spread; /* >= mean |x - x0| */
    return (struct norma_statistics_error){
        .mean = U64 * (additions * offset + merges * (fabs(condition->mean) + condition->spread)),
        .relative = 0.5 * U64 * (additions * (1.0 + length) + 8.0 * merges),
    };
}

/* Float sums in any order, of parts that may have been pooled. README.md, "Statistics in float". */
static struct norma_statistics_error error_f32(const struct norma_condition *condition) {
    const double additions = (double)condition->count + 8.0;
    const double mean = U32 * additions * (fabs(condition->mean) + condition->spread);
    const double shift = mean / condition->spread;
    return (struct norma_statistics_error){
        .mean = mean,
        .relative = 0.5 * (U32 * additions + 2.0 * shift + shift * shift),
    };
}

struct norma_statistics_error norma_statistics_error(enum norma_accumulation accumulation,
                                                     const struct norma_condition *condition) {
    if (condition->count == 0) {
        return (struct norma_statistics_error){0};
    }
    return accumulation == NORMA_ACCUMULATE_F64 ? error_f64(condition) : error_f32(condition);
}

/* What is subtracted and divided by in the affine itself. A contract of norma: the centre is exact
 * to second order. A peer may compute a x + b, and standardize by one set of statistics what it
 * then rescales to the other's. */
static double affine_error(enum norma_accumulation accumulation,
                           const struct norma_condition *conditions) {
    double slope = 0.0;
    double centre = 0.0;
    double magnitude = 0.0;
    for (int i = 0; i < NORMA_CONDITIONS; i++) {
        slope += conditions[i].slope;
        centre += conditions[i].slope * fabs(conditions[i].mean);
        magnitude += fabs(conditions[i].mean) + conditions[i].spread;
    }
    return accumulation == NORMA_ACCUMULATE_F64 ? 3.0 * U32 * U32 * centre
                                                : 8.0 * U32 * slope * magnitude;
}

struct norma_bound norma_bound_of_plane(enum norma_accumulation accumulation,
                                        const struct norma_condition *conditions) {
    struct norma_bound bound = {
        .absolute = SUBNORMAL + affine_error(accumulation, conditions),
        .terms_factor = (accumulation == NORMA_ACCUMULATE_F64 ? 2.0 : 8.0) * U32,
        .y_factor = U32,
    };
    for (int i = 0; i < NORMA_CONDITIONS; i++) {
        const struct norma_statistics_error error =
            norma_statistics_error(accumulation, &conditions[i]);
        bound.absolute += conditions[i].slope * error.mean;
        bound.terms_factor += error.relative;
    }
    bound.absolute *= SLACK;
    bound.terms_factor *= SLACK;
    bound.y_factor *= SLACK;
    return bound;
}
