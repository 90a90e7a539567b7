/* Mutants of staged execution by several ranks (verify/harness/staged.h).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/checks/checks.h"
#include "verify/harness/harness.h"
#include "verify/mutants/mutant_catalogue.h"

/* ---- which problems -------------------------------------------------------------------------- */

static bool has_batch(const struct norma_problem *problem) {
    return reference_facts_of(problem)->running && problem->n > 1;
}

static bool merges(const struct norma_problem *problem) {
    return has_batch(problem) && problem->pass == NORMA_PASS_FORWARD;
}

/* bin and unit form=layer have the moments of planes as well. */
static bool merges_only_batch(const struct norma_problem *problem) {
    return merges(problem) && problem->op == NORMA_OPERATOR_BN;
}

static bool adds(const struct norma_problem *problem) {
    return has_batch(problem) && problem->form != NORMA_FORM_LAYER &&
           problem->pass == NORMA_PASS_BACKWARD;
}

/* There are two ranks at least, so that one has no sample. */
static bool merges_one_sample(const struct norma_problem *problem) {
    return reference_facts_of(problem)->running && problem->n == 1 &&
           problem->pass == NORMA_PASS_FORWARD;
}

static bool adds_one_sample(const struct norma_problem *problem) {
    return reference_facts_of(problem)->running && problem->n == 1 &&
           problem->form != NORMA_FORM_LAYER && problem->pass == NORMA_PASS_BACKWARD;
}

static bool is_staged(const struct norma_problem *problem) {
    const bool style = problem->op == NORMA_OPERATOR_ADAIN &&
                       (problem->style_source != NORMA_STYLE_STATS || problem->regions > 1);
    const bool elements =
        problem->op == NORMA_OPERATOR_UNIT && problem->alpha_kind == NORMA_ALPHA_ELEMENT;
    return verify_is_forward(problem) && !style && !elements;
}

/* Checks whether a rank has several samples, as there are at most five ranks. */
static bool has_samples(const struct norma_problem *problem) {
    return is_staged(problem) && problem->n > 5 &&
           reference_facts_of(problem)->sets != REFERENCE_SETS_CHANNEL;
}

enum { BLOCK = 2048 }; /* channels whose coefficients are computed at a time */

static bool has_blocks(const struct norma_problem *problem) {
    return is_staged(problem) && problem->c > BLOCK;
}

/* Checks whether a statistics set has several channels. */
static bool has_sets_of_channels(const struct norma_problem *problem) {
    const enum reference_sets sets = reference_facts_of(problem)->sets;
    return is_staged(problem) && reference_channels_per_set(problem) > 1 &&
           sets != REFERENCE_SETS_CHANNEL;
}

static bool subtracts(const struct norma_problem *problem) {
    return is_staged(problem) && reference_facts_of(problem)->mean;
}

/* ---- wrong merging --------------------------------------------------------------------------- */

static norma_status merge_nothing(struct norma_partial_moments *moments,
                                  const struct norma_partial_moments *others, int64_t sets) {
    (void)moments, (void)others, (void)sets;
    return NORMA_STATUS_OK;
}

static norma_status merge_but_counts(struct norma_partial_moments *moments,
                                     const struct norma_partial_moments *others, int64_t sets) {
    for (int64_t i = 0; i < sets; i++) {
        const double count = moments[i].count;
        norma_stage_merge(&moments[i], &others[i], 1);
        moments[i].count = count;
    }
    return NORMA_STATUS_OK;
}

static norma_status merge_without_distance(struct norma_partial_moments *moments,
                                           const struct norma_partial_moments *others,
                                           int64_t sets) {
    for (int64_t i = 0; i < sets; i++) {
        const double m2 = moments[i].m2 + others[i].m2;
        norma_stage_merge(&moments[i], &others[i], 1);
        moments[i].m2 = m2;
    }
    return NORMA_STATUS_OK;
}

/* ---- wrong counts --------------------------------------------------------------------------- */

static norma_status count_positions(struct verify_rank *rank) {
    const norma_status status = verify_stages_of_norma.moments(rank);
    for (int64_t i = 0; i < norma_stage_sets(rank->plan); i++) {
        rank->moments[i].count = (double)norma_problem_spatial(&rank->problem);
    }
    return status;
}

/* ---- wrong coefficients ---------------------------------------------------------------------- */

static norma_status use_own_moments(struct verify_rank *rank) {
    verify_stages_of_norma.moments(rank);
    return verify_stages_of_norma.coefficients(rank);
}

/* Keeps the variance, so that only Bessel's correction of the running variance is wrong. */
static norma_status use_own_count(struct verify_rank *rank) {
    const double own = (double)(rank->problem.n * norma_problem_spatial(&rank->problem));
    for (int64_t c = 0; c < rank->problem.c; c++) {
        struct norma_partial_moments *moments = &rank->moments[c];
        moments->m2 *= own / moments->count;
        moments->count = own;
    }
    return verify_stages_of_norma.coefficients(rank);
}

/* Copies an array over what follows it, from one end to the other. */
static void repeat(float *array, int64_t period, int64_t count) {
    for (int64_t i = period; i < count; i++) {
        array[i] = array[i - period];
    }
}

/* Returns how many coefficients each sample has, or all have together. */
static int64_t entries_of_sample(const struct verify_rank *rank) {
    const int64_t entries = norma_stage_affine_entries(rank->plan);
    const bool own = reference_facts_of(&rank->problem)->sets != REFERENCE_SETS_CHANNEL;
    return own && rank->problem.n > 0 ? entries / rank->problem.n : entries;
}

static norma_status repeat_first_block(struct verify_rank *rank) {
    const norma_status status = verify_stages_of_norma.coefficients(rank);
    const int64_t entries = norma_stage_affine_entries(rank->plan);
    const int64_t own = entries_of_sample(rank);
    for (int64_t first = 0; first < entries; first += own) {
        repeat(rank->affine.centre + first, BLOCK, own);
        repeat(rank->affine.scale + first, BLOCK, own);
        repeat(rank->affine.shift + first, BLOCK, own);
    }
    return status;
}

static norma_status repeat_first_sample(struct verify_rank *rank) {
    const norma_status status = verify_stages_of_norma.coefficients(rank);
    const int64_t entries = norma_stage_affine_entries(rank->plan);
    const int64_t own = entries_of_sample(rank);
    repeat(rank->affine.centre, own, entries);
    repeat(rank->affine.scale, own, entries);
    repeat(rank->affine.shift, own, entries);
    return status;
}

static norma_status fold_centre(struct verify_rank *rank) {
    const norma_status status = verify_stages_of_norma.coefficients(rank);
    const uint64_t caller = verify_controls();
    verify_controls_set(verify_controls_default());
    for (int64_t i = 0; i < norma_stage_affine_entries(rank->plan); i++) {
        rank->affine.shift[i] -= rank->affine.centre[i] * rank->affine.scale[i];
        rank->affine.centre[i] = 0.0f;
    }
    verify_controls_set(caller);
    return status;
}

/* ---- wrong gradients ------------------------------------------------------------------------- */

static norma_status use_own_sums(struct verify_rank *rank) {
    verify_stages_of_norma.sums(rank);
    return verify_stages_of_norma.gradient(rank);
}

static norma_status use_own_count_of_sums(struct verify_rank *rank) {
    const double own = (double)(rank->problem.n * norma_problem_spatial(&rank->problem));
    for (int64_t c = 0; c < rank->problem.c; c++) {
        rank->sums[c].count = own;
    }
    return verify_stages_of_norma.gradient(rank);
}

static norma_status repeat_parameters(struct verify_rank *rank) {
    const norma_status status = verify_stages_of_norma.gradient(rank);
    for (int64_t c = 0; rank->args.dbeta && c < rank->problem.c; c++) {
        rank->args.dbeta[c] = (float)rank->sums[c].dy;
    }
    return status;
}

/* ---- ranks without samples ------------------------------------------------------------------- */

static norma_status skip_empty_moments(struct verify_rank *rank) {
    return rank->problem.n > 0 ? verify_stages_of_norma.moments(rank) : NORMA_STATUS_OK;
}

static norma_status skip_empty_coefficients(struct verify_rank *rank) {
    return rank->problem.n > 0 ? verify_stages_of_norma.coefficients(rank) : NORMA_STATUS_OK;
}

static norma_status skip_empty_sums(struct verify_rank *rank) {
    return rank->problem.n > 0 ? verify_stages_of_norma.sums(rank) : NORMA_STATUS_OK;
}

static norma_status skip_empty_gradient(struct verify_rank *rank) {
    return rank->problem.n > 0 ? verify_stages_of_norma.gradient(rank) : NORMA_STATUS_OK;
}

#define WRONG(stage, function)                                                                     \
    .stages = &(const struct verify_stages) {                                                      \
        .stage = function                                                                          \
    }

const struct verify_mutant verify_mutants_stages[] = {
    {"merge-forgotten", "every rank keeps the moments of the first", VERIFY_CHECK_Y,
     .concerns = merges, WRONG(merge, merge_nothing)},
    {"merged-counts-ignored", "merged moments have the count of the first rank", VERIFY_CHECK_Y,
     .concerns = merges, WRONG(merge, merge_but_counts)},
    {"means-as-one", "merging takes the means of ranks for equal", VERIFY_CHECK_Y,
     .concerns = merges, WRONG(merge, merge_without_distance)},
    {"positions-counted", "moments of several channels count the positions of one", VERIFY_CHECK_Y,
     .concerns = has_sets_of_channels, WRONG(moments, count_positions)},
    {"ranks-by-themselves", "every rank takes its own moments for the batch's", VERIFY_CHECK_Y,
     .concerns = merges, WRONG(coefficients, use_own_moments)},
    {"running-by-own-count", "Bessel's correction is that of a rank's own count",
     VERIFY_CHECK_STATISTICS, .concerns = merges_only_batch, WRONG(coefficients, use_own_count)},
    {"first-block-repeated", "channels from 2048 on have the coefficients of the first ones",
     VERIFY_CHECK_Y, .concerns = has_blocks, WRONG(coefficients, repeat_first_block)},
    {"first-sample-repeated", "all samples of a rank have the coefficients of its first",
     VERIFY_CHECK_Y, .concerns = has_samples, WRONG(coefficients, repeat_first_sample)},
    {"stages-fold-the-centre", "the centre is folded into the shift", VERIFY_CHECK_LARGE_MEAN,
     .concerns = subtracts, WRONG(coefficients, fold_centre)},
    {"other-sums-ignored", "dx has the sums of its own rank", VERIFY_CHECK_GRADIENTS,
     .concerns = adds, WRONG(gradient, use_own_sums)},
    {"count-of-own-sums", "sums of all ranks are divided by the count of one",
     VERIFY_CHECK_GRADIENTS, .concerns = adds, WRONG(gradient, use_own_count_of_sums)},
    {"parameters-of-all-ranks", "the dbeta of every rank has the sums of all",
     VERIFY_CHECK_GRADIENTS, .concerns = adds, WRONG(gradient, repeat_parameters)},
    {"moments-of-nothing-unwritten", "a rank without samples writes no moments",
     VERIFY_CHECK_STATUS, .concerns = merges_one_sample, WRONG(moments, skip_empty_moments)},
    {"running-of-nothing-kept", "a rank without samples does not update running statistics",
     VERIFY_CHECK_STATISTICS, .concerns = merges_one_sample,
     WRONG(coefficients, skip_empty_coefficients)},
    {"sums-of-nothing-unwritten", "a rank without samples writes no sums", VERIFY_CHECK_GRADIENTS,
     .concerns = adds_one_sample, WRONG(sums, skip_empty_sums)},
    {"gradients-of-nothing-unwritten", "a rank without samples writes no gradients of parameters",
     VERIFY_CHECK_GRADIENTS, .concerns = adds_one_sample, WRONG(gradient, skip_empty_gradient)},
    {0},
};
