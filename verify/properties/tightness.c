/* The tightness of the bounds. For each operator, the median share of its bounds that the results
 * of a set use must be neither so small that the bounds prove nothing, nor so large that other data
 * would exceed them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/checks/checks.h"
#include "verify/properties/property_trial.h"

/* Batches of six, with tails, two dimensions or several vectors. */
static const char *const shapes[] = {"6x6x31", "6x16x7x9", "6x12x259"};

enum { SHAPES = sizeof shapes / sizeof *shapes };

/* Makes the problem of variant `index` and a shape, in the layout of `kind`; false: the variant is
 * of another operator or direction than `kind`, or has no such problem. */
static bool make(const struct norma_problem *kind, size_t index, const char *shape, norma_pass pass,
                 struct norma_problem *problem) {
    const struct verify_variant *variant = verify_variant_at(index);
    if (variant->op != kind->op || verify_variant_problem(variant, shape, pass, NORMA_EPILOGUE_NONE,
                                                          problem) != NORMA_STATUS_OK) {
        return false;
    }
    problem->layout = kind->layout;
    return reference_is_backward(problem) == reference_is_backward(kind);
}

/* Returns the median share of the elements of a problem; 0 where all are exact, or where the
 * implementation does not support the problem. */
static double share_of(const struct verify_trial *trial, const struct norma_problem *problem,
                       struct verify_fences *fences, bool *supported) {
    const struct verify_setup setup = {VERIFY_DATA_NORMAL, VERIFY_PLACE_BACK};
    struct verify_truth *truth = verify_truth_create(problem, setup.data, trial->seed);
    void *state = NULL;
    double share = 0.0;
    if (truth && trial->implementation->create(trial->implementation, &state, problem,
                                               trial->threads) == NORMA_STATUS_OK) {
        const struct verify_subject subject = {trial->implementation, state, problem,
                                               trial->threads, fences};
        share = verify_check(&subject, truth, setup).median_share;
        trial->implementation->destroy(state);
        *supported = true;
    }
    verify_truth_destroy(truth);
    return share;
}

/* Returns the median of the shares of the problems, each of which counts once. */
static double median_share(struct verify_trial *trial, const struct norma_problem *kind,
                           bool *supported) {
    struct verify_fences fences = {0};
    struct verify_shares shares = {{0}};
    for (size_t i = 0; verify_variant_at(i); i++) {
        for (size_t k = 0; k < SHAPES * (NORMA_PASS_INFERENCE_BACKWARD + 1); k++) {
            struct norma_problem problem;
            if (make(kind, i, shapes[k % SHAPES], (norma_pass)(k / SHAPES), &problem)) {
                verify_shares_add(&shares, share_of(trial, &problem, &fences, supported));
                trial->result.checks++;
            }
        }
    }
    verify_fences_release(&fences);
    return verify_shares_median(&shares);
}

/* Takes the operator and the direction from the problem `text`, whose size does not matter. */
static void bounds_are_neither_loose_nor_tight(struct verify_trial *trial, const char *text) {
    const struct norma_problem kind = verify_trial_problem(trial, "%s", text);
    bool supported = false;
    const double share = median_share(trial, &kind, &supported);
    if (!supported) {
        verify_trial_skip(trial, "%s: %s", text, norma_strerror(NORMA_STATUS_UNSUPPORTED));
    }
    trial->result.share = share;
    if (share < VERIFY_LEAST_MEDIAN_SHARE || share > VERIFY_MOST_MEDIAN_SHARE) {
        verify_trial_fail(
            trial, "%s: the median share of the bound is %.3g, not in %g to %g: it is too %s", text,
            share, VERIFY_LEAST_MEDIAN_SHARE, VERIFY_MOST_MEDIAN_SHARE,
            share < VERIFY_LEAST_MEDIAN_SHARE ? "loose" : "tight");
    }
}

static const char *const kinds[] = {
#define VERIFY_KINDS(upper, lower, text) #lower ":1x1", #lower ":1x1:pass=bwd",
    NORMA_OPERATORS(VERIFY_KINDS)
#undef VERIFY_KINDS
        NULL};

const struct verify_property verify_properties_tightness[] = {
    {"bounds-are-neither-loose-nor-tight", bounds_are_neither_loose_nor_tight, kinds,
     VERIFY_PROMISE_NORMA, VERIFY_IN_EACH_LAYOUT},
    {0},
};
