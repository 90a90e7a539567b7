/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/truth/bounds.h"

#define U32 0x1p-24 /* unit roundoff of float */
#define U64 0x1p-53 /* unit roundoff of double */

/* Covers second-order terms of the analysis and the rounding of the reference itself. */
#define SLACK 1.001
/* Covers the absolute error of subnormal floats: a few halves of the smallest step. */
#define SUBNORMAL 0x1p-147
/* The number of roundings that a peer's affine may have, even in the form a x + b. */
#define PEER 8.0

enum {
    CHUNK = 4096,       /* norma's contract: centred sums go over at most so many elements */
    LANES = 16,         /* norma's contract: the number of partial sums */
    TREE = 4,           /* the depth of the tree that adds them */
    GROUP_ROUNDINGS = 6 /* one of x - centre, four of a chain, one of the sum of two chains */
};

/* Returns the error of sums in double of x or of x - x0 per chunk, merged (bounds.md, "Statistics
 * in double"). */
static struct verify_statistics_error error_f64(const struct reference_condition *condition) {
    const double n = (double)condition->count;
    const double length = n < CHUNK ? n : CHUNK;
    const double additions = ceil(length / LANES) + TREE + 4;
    const double merges = ceil(n / length) + 4;
    /* An upper bound of mean |x - x0|, and of mean |x| where sums are of x. */
    const double offset = (1.0 + sqrt(CHUNK)) * condition->spread;
    return (struct verify_statistics_error){
        .mean = U64 * (additions * offset + merges * (fabs(condition->mean) + condition->spread)),
        .spread = 0.5 * U64 * (additions * (1.0 + CHUNK) + 8.0 * merges) * condition->spread,
    };
}

/* Returns the error of float sums in any order, of parts that may be pooled (bounds.md, "Statistics
 * in float"). */
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
verify_error_of_statistics(enum reference_accumulation accumulation,
                           const struct reference_condition *condition) {
    if (condition->count == 0) {
        return (struct verify_statistics_error){0};
    }
    return accumulation == REFERENCE_ACCUMULATE_F64 ? error_f64(condition) : error_f32(condition);
}

/* Returns the error that the affine adds by subtracting and dividing. In norma's contract the
 * centre is exact to second order. A peer may compute a x + b, and may standardize by one set of
 * statistics before it rescales to the other. */
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
            verify_error_of_statistics(accumulation, &conditions[i]);
        bound.absolute += conditions[i].slope * error.mean;
        if (conditions[i].spread > 0.0) {
            bound.terms_factor += error.spread / conditions[i].spread;
        } else { /* a style without terms; |x - mean| <= sqrt(n) times the divisor */
            bound.absolute += conditions[i].slope * error.spread * sqrt(count);
        }
    }
    return with_slack(bound);
}

/* ---- gradients ---------------------------------------------------------------------------- */

/* Returns the error of a sum relative to the sum of absolute values (bounds.md, "Gradients"). */
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

/* Returns the distance that folding moves a centre by. Folding two centres into one moves one of
 * them by the distance between both; a peer may also fold the centre itself, into
 * A dy + B x + (K - B m). */
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
