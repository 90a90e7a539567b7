/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/truth/bounds.h"

#define U32 0x1p-24 /* unit roundoff of float */
#define U64 0x1p-53 /* of double */

/* Second-order terms of the analysis, and the reference's own rounding. */
#define SLACK 1.001
/* Below this, floats are subnormal and errors absolute: a few halves of the smallest step. */
#define SUBNORMAL 0x1p-147
/* Roundings that a peer's affine may have, in a form that may be a x + b. */
#define PEER 8.0

enum {
    CHUNK =
        4096, /* norma's contract: centred sums over at most so many elements, in 16 lanes, ... */
    LANES = 16,
    GROUP_ROUNDINGS = 6, /* of x - centre, four of a chain, and of the sum of two chains */
    TREE = 4             /* ... lanes summed in a tree of this depth */
};

/* Double sums of x or of x - x0 per chunk, merged. bounds.md, "Statistics in double". */
static struct verify_statistics_error error_f64(const struct reference_condition *condition) {
    const double n = (double)condition->count;
    const double length = n < CHUNK ? n : CHUNK;
    const double additions = ceil(length / LANES) + TREE + 4;
    const double merges = ceil(n / length) + 4;
    /* At least mean |x - x0|, and mean |x| where sums are of x. */
    const double offset = (1.0 + sqrt(CHUNK)) * condition->spread;
    return (struct verify_statistics_error){
        .mean = U64 * (additions * offset + merges * (fabs(condition->mean) + condition->spread)),
        .spread = 0.5 * U64 * (additions * (1.0 + CHUNK) + 8.0 * merges) * condition->spread,
    };
}

/* Float sums in any order, of parts that may have been pooled. bounds.md, "Statistics in float". */
static struct verify_statistics_error error_f32(const struct reference_condition *condition) {
    const double additions = (double)condition->count + 8.0;
    const double mean = U32 * additions * (fabs(condition->mean) + condition->spread);
    const double squared = mean * mean / condition->spread;
    return (struct verify_statistics_error){
        .mean = mean,
        .spread = 0.5 * U32 * additions * condition->spread + mean + fmin(squared, mean),
    };
}

struct verify_statistics_error
verify_statistics_error(enum reference_accumulation accumulation,
                        const struct reference_condition *condition) {
    if (condition->count == 0) {
        return (struct verify_statistics_error){0};
    }
    return accumulation == REFERENCE_ACCUMULATE_F64 ? error_f64(condition) : error_f32(condition);
}

/* What is subtracted and divided by in the affine itself. A contract of norma: the centre is exact
 * to second order. A peer may compute a x + b, and standardize by one set of statistics what it
 * then rescales to the other's. */
static double affine_error(enum reference_accumulation accumulation,
                           const struct reference_condition *conditions) {
    double slope = 0.0;
    double centre = 0.0;
    double magnitude = 0.0;
    for (int i = 0; i < REFERENCE_CONDITIONS; i++) {
        slope += conditions[i].slope;
        centre += conditions[i].slope * fabs(conditions[i].mean);
        magnitude += fabs(conditions[i].mean) + conditions[i].spread;
    }
    return accumulation == REFERENCE_ACCUMULATE_F64 ? 3.0 * U32 * U32 * centre
                                                    : PEER * U32 * slope * magnitude;
}

static struct verify_bound with_slack(struct verify_bound bound) {
    return (struct verify_bound){
        .absolute = SLACK * bound.absolute + SUBNORMAL,
        .terms_factor = SLACK * bound.terms_factor,
        .sums_factor = SLACK * bound.sums_factor,
        .value_factor = SLACK * bound.value_factor,
    };
}

struct verify_bound verify_bound_of_y(enum reference_accumulation accumulation,
                                      norma_epilogue epilogue,
                                      const struct reference_condition *conditions) {
    const double roundings = epilogue == NORMA_EPILOGUE_ADD_RELU ? 3.0 : 2.0;
    struct verify_bound bound = {
        .absolute = affine_error(accumulation, conditions),
        .terms_factor = (accumulation == REFERENCE_ACCUMULATE_F64 ? roundings : PEER) * U32,
        .value_factor = U32,
    };
    const double count = (double)conditions[0].count;
    for (int i = 0; i < REFERENCE_CONDITIONS; i++) {
        const struct verify_statistics_error error =
            verify_statistics_error(accumulation, &conditions[i]);
        bound.absolute += conditions[i].slope * error.mean;
        if (conditions[i].spread > 0.0) {
            bound.terms_factor += error.spread / conditions[i].spread;
        } else { /* a style of which there are no terms; |x - mean| <= sqrt(n) of what divides it */
            bound.absolute += conditions[i].slope * error.spread * sqrt(count);
        }
    }
    return with_slack(bound);
}

/* ---- gradients ---------------------------------------------------------------------------- */

/* The error of a sum, relative to the sum of absolute values. bounds.md, "Gradients". */
static double summation_error(enum reference_accumulation accumulation,
                              struct verify_reductions reductions) {
    const double length = (double)reductions.length;
    const double planes = (double)reductions.planes;
    if (accumulation == REFERENCE_ACCUMULATE_F32) {
        return U32 * (planes * length + 8.0);
    }
    const double chunk = length < CHUNK ? length : CHUNK;
    const double additions = ceil(chunk / LANES) + TREE + 4;
    const double merges = planes * ceil(length / CHUNK) + 8;
    return GROUP_ROUNDINGS * U32 + U64 * (additions + merges);
}

struct verify_bound verify_bound_of_sum(enum reference_accumulation accumulation,
                                        struct verify_reductions reductions) {
    const bool peer = accumulation == REFERENCE_ACCUMULATE_F32;
    return with_slack((struct verify_bound){
        .terms_factor = peer ? PEER * U32 : 0.0,
        .sums_factor = summation_error(accumulation, reductions),
        .value_factor = 2.0 * U32,
    });
}

/* Folding two centres into one moves what lies between them; a peer may also fold the centre
 * itself, into A dy + B x + (K - B m). */
static double folded_distance(enum reference_accumulation accumulation,
                              struct verify_centres centres) {
    const double between = fabs(centres.first - centres.second);
    return accumulation == REFERENCE_ACCUMULATE_F64
               ? between
               : between + fabs(centres.first) + fabs(centres.second);
}

struct verify_bound verify_bound_of_affine(enum reference_accumulation accumulation,
                                           struct verify_reductions reductions,
                                           struct verify_centres centres) {
    const double factor = (accumulation == REFERENCE_ACCUMULATE_F64 ? 3.0 : PEER) * U32;
    return with_slack((struct verify_bound){
        .absolute = factor * centres.slope * folded_distance(accumulation, centres),
        .terms_factor = factor,
        .sums_factor = summation_error(accumulation, reductions),
        .value_factor = U32,
    });
}

/* ---- returned statistics ------------------------------------------------------------------ */

double verify_bound_of_statistic(enum reference_accumulation accumulation, double magnitude,
                                 double propagated) {
    const double rounding = (accumulation == REFERENCE_ACCUMULATE_F64 ? 2.0 : PEER) * U32;
    return SLACK * (rounding * magnitude + propagated) + SUBNORMAL;
}
