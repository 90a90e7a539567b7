/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/truth/bounds.h"

#define U32 0x1p-24 /* unit roundoff of float */
#define U64 0x1p-53 /* unit roundoff of double */

/* Covers second-order terms of the analysis and the rounding of the reference itself. */
#define SLACK 1.001
/* Covers the absolute error of subnormal floats: a few halves of the smallest step. */
#define SUBNORMAL 0x1p-147
/* How far sums of summands with independent errors may be off, as a multiple of U32 and of the root
 * of the sum of squares: six standard deviations, and sqrt(18 / 3), in rows sqrt(20 / 3)
 * (bounds.md, "Gradients"). */
#define SCATTER      14.7
#define ROWS_SCATTER 15.5
/* The number of roundings that a peer's affine may have, even in the form a x + b. */
#define PEER 8.0

enum {
    CHUNK = 4096,        /* norma's contract: centred sums go over at most so many elements */
    LANES = 16,          /* norma's contract: the number of partial sums */
    TREE = 4,            /* the depth of the tree that adds them */
    GROUP_ROUNDINGS = 6, /* one of x - centre, four of a chain, one of the sum of two chains */
    ROWS_ROUNDINGS = 8   /* two of (x - centre) factor more */
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

/* Returns the error of sums in any order whose additions round by `unit`, of parts that may be
 * pooled (bounds.md, "Statistics in float"). */
static struct verify_statistics_error error_plain(const struct reference_condition *condition,
                                                  double unit) {
    const double additions = (double)condition->count + 8.0;
    const double mean = unit * additions * (fabs(condition->mean) + condition->spread);
    const double squared = mean * mean / condition->spread;
    return (struct verify_statistics_error){
        .mean = mean,
        .spread = 0.5 * unit * additions * condition->spread + mean + fmin(squared, mean),
    };
}

struct verify_statistics_error
verify_error_of_statistics(enum reference_accumulation accumulation,
                           const struct reference_condition *condition) {
    if (condition->count == 0) {
        return (struct verify_statistics_error){0};
    }
    switch (accumulation) {
    case REFERENCE_ACCUMULATE_F32:
        return error_plain(condition, U32);
    case REFERENCE_ACCUMULATE_F64_PLAIN:
        return error_plain(condition, U64);
    case REFERENCE_ACCUMULATE_F64:
    case REFERENCE_ACCUMULATE_F64_RANKS:
        break;
    }
    return error_f64(condition);
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
    return accumulation == REFERENCE_ACCUMULATE_F32 ? PEER * U32 * slope * magnitude
                                                    : 3.0 * U32 * U32 * centre;
}

double verify_bound_at(const struct verify_bound *bound, const double parts[REFERENCE_PARTS],
                       double value) {
    const double groups = fmin(bound->groups_factor * parts[REFERENCE_PART_SUMS],
                               bound->shared_factor * parts[REFERENCE_PART_SHARED] +
                                   bound->scatter_factor * parts[REFERENCE_PART_SCATTER]);
    return bound->absolute + bound->value_factor * fabs(value) +
           bound->terms_factor * parts[REFERENCE_PART_TERMS] +
           bound->sums_factor * parts[REFERENCE_PART_SUMS] + groups +
           bound->rounded_factor * parts[REFERENCE_PART_ROUNDED] +
           bound->lost_factor * parts[REFERENCE_PART_LOST];
}

static struct verify_bound with_slack(struct verify_bound bound) {
    return (struct verify_bound){
        .absolute = SLACK * bound.absolute + SUBNORMAL,
        .value_factor = SLACK * bound.value_factor,
        .terms_factor = SLACK * bound.terms_factor,
        .sums_factor = SLACK * bound.sums_factor,
        .groups_factor = SLACK * bound.groups_factor,
        .shared_factor = SLACK * bound.shared_factor,
        .scatter_factor = SLACK * bound.scatter_factor,
        .rounded_factor = SLACK * bound.rounded_factor,
        .lost_factor = SLACK * bound.lost_factor,
    };
}

bool verify_has_rows(const struct norma_problem *problem) {
    const struct reference_operator_facts *facts = reference_facts_of(problem);
    const bool whole = facts->sets != REFERENCE_SETS_CHANNEL && !facts->style_index &&
                       reference_planes_per_set(problem) == problem->c;
    const bool blends = problem->op == NORMA_OPERATOR_UNIT &&
                        problem->form == NORMA_FORM_PRACTICAL &&
                        problem->alpha_kind != NORMA_ALPHA_ELEMENT;
    return norma_problem_spatial(problem) == 1 && whole && (facts->gamma || blends);
}

/* Checks whether norma multiplies by the inverse deviation and by gamma one after the other, where
 * elsewhere it rounds their product from double. */
static bool has_two_factors(const struct norma_problem *problem) {
    return verify_has_rows(problem) && reference_facts_of(problem)->gamma;
}

/* Returns the roundings of y that are relative to its terms (bounds.md, "The affine"). */
static double roundings_of_y(const struct norma_problem *problem) {
    const double residual = problem->epilogue == NORMA_EPILOGUE_ADD_RELU ? 1.0 : 0.0;
    return (has_two_factors(problem) ? 3.0 : 2.0) + residual;
}

struct verify_bound verify_bound_of_y(enum reference_accumulation accumulation,
                                      const struct norma_problem *problem,
                                      const struct reference_condition *conditions) {
    struct verify_bound bound = {
        .absolute = affine_error(accumulation, conditions),
        .terms_factor =
            (accumulation == REFERENCE_ACCUMULATE_F32 ? PEER : roundings_of_y(problem)) * U32,
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

/* Returns how many roundings in double a sum has: those of a chunk, and those of the merges. */
static double merges_of(struct verify_reductions reductions) {
    return (double)reductions.planes * ceil((double)reductions.length / CHUNK) + 8;
}

static double additions_of(struct verify_reductions reductions) {
    const double length = (double)reductions.length;
    const double chunk = length < CHUNK ? length : CHUNK;
    return ceil(chunk / LANES) + TREE + 4 + merges_of(reductions);
}

/* Sets the factors of the parts that sums and statistics have (bounds.md, "Gradients", "Given
 * statistics"). */
static struct verify_bound with_norma_sums(struct verify_bound bound,
                                           struct verify_reductions reductions) {
    bound.sums_factor = U64 * additions_of(reductions);
    const double roundings = reductions.rows ? ROWS_ROUNDINGS : GROUP_ROUNDINGS;
    bound.groups_factor = roundings * U32;
    bound.shared_factor = U32;
    const double scatter = reductions.rows ? ROWS_SCATTER : SCATTER;
    bound.scatter_factor = reductions.random ? scatter * U32 : (double)INFINITY;
    bound.rounded_factor = U32;
    bound.lost_factor = (roundings + 3.0) * U32 * U32 + 1.25 * U64 * merges_of(reductions);
    return bound;
}

/* Sets the factors for sums term by term. The rounded mean that is given is all that they have; a
 * large one has errors of second order, too. A peer may take r from a variance in float. */
static struct verify_bound with_plain_sums(struct verify_bound bound,
                                           struct verify_reductions reductions, bool peer) {
    const double sums =
        (peer ? U32 : U64) * ((double)reductions.planes * (double)reductions.length + 8.0);
    bound.sums_factor = sums;
    bound.scatter_factor = (double)INFINITY;
    bound.rounded_factor = (peer ? PEER : 1.0) * U32;
    bound.lost_factor = 2.0 * U32 * (1.0 + sums);
    return bound;
}

static struct verify_bound with_sums(enum reference_accumulation accumulation,
                                     struct verify_reductions reductions,
                                     struct verify_bound bound) {
    const bool peer = accumulation == REFERENCE_ACCUMULATE_F32;
    return with_slack(peer || accumulation == REFERENCE_ACCUMULATE_F64_PLAIN
                          ? with_plain_sums(bound, reductions, peer)
                          : with_norma_sums(bound, reductions));
}

struct verify_bound verify_bound_of_sum(enum reference_accumulation accumulation,
                                        struct verify_reductions reductions) {
    const bool peer = accumulation == REFERENCE_ACCUMULATE_F32;
    struct verify_bound bound = with_sums(accumulation, reductions,
                                          (struct verify_bound){
                                              .terms_factor = peer ? PEER * U32 : 0.0,
                                              .value_factor = 2.0 * U32,
                                          });
    if (accumulation == REFERENCE_ACCUMULATE_F64_RANKS) {
        bound.sums_factor += SLACK * U32; /* each rank rounds its part */
    }
    return bound;
}

/* Returns the distance that folding moves a centre by. Folding two centres into one moves one of
 * them by the distance between both; a peer may also fold the centre itself, into
 * A dy + B x + (K - B m). */
static double folded_distance(enum reference_accumulation accumulation,
                              struct verify_centres centres) {
    const double between = fabs(centres.first - centres.second);
    return accumulation == REFERENCE_ACCUMULATE_F32
               ? between + fabs(centres.first) + fabs(centres.second)
               : between;
}

struct verify_bound verify_bound_of_affine(enum reference_accumulation accumulation,
                                           struct verify_reductions reductions,
                                           struct verify_centres centres) {
    const double factor = (accumulation == REFERENCE_ACCUMULATE_F32 ? PEER : 3.0) * U32;
    return with_sums(
        accumulation, reductions,
        (struct verify_bound){
            .absolute = centres.slope == 0.0 /* then dx has no centre, which may be infinite */
                            ? 0.0
                            : factor * centres.slope * folded_distance(accumulation, centres),
            .terms_factor = factor,
            .value_factor = U32,
        });
}

/* ---- returned statistics ------------------------------------------------------------------ */

double verify_bound_of_statistic(enum reference_accumulation accumulation, double magnitude,
                                 double propagated) {
    const double rounding = (accumulation == REFERENCE_ACCUMULATE_F32 ? PEER : 2.0) * U32;
    return SLACK * (rounding * magnitude + propagated) + SUBNORMAL;
}
