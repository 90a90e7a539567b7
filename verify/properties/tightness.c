/* The tightness of the bounds. For each output of each operator, the median share of its bounds that
 * the results of a set use must be neither so small that the bounds prove nothing, nor so large that other data
 * would exceed them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

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

/* The shares of one output after the other: one of them for each problem. */
struct output_shares {
    struct verify_shares of[REFERENCE_TENSOR_COUNT];
    bool supported; /* the implementation supports a problem */
};

/* Adds the median share of each output of a problem, from comparing it alone. Exact outputs have
 * none. */
static void add_outputs(const struct verify_truth *truth,
                        const struct reference_implementation *implementation,
                        void *const pointers[REFERENCE_TENSOR_COUNT],
                        struct output_shares *shares) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        void *alone[REFERENCE_TENSOR_COUNT];
        for (int other = 0; other < REFERENCE_TENSOR_COUNT; other++) {
            const bool left_out = reference_is_output(&truth->tensors[other]) && other != id;
            alone[other] = left_out ? NULL : pointers[other];
        }
        if (reference_is_output(&truth->tensors[id])) {
            verify_shares_add(
                &shares->of[id],
                verify_truth_compare(truth, implementation->accumulation, alone).median_share);
        }
    }
}

static void add_problem(const struct verify_trial *trial, const struct norma_problem *problem,
                        struct verify_fences *fences, struct output_shares *shares) {
    struct verify_truth *truth = verify_truth_create(problem, VERIFY_DATA_NORMAL, trial->seed);
    void *pointers[REFERENCE_TENSOR_COUNT], *state = NULL;
    if (truth && trial->implementation->create(trial->implementation, &state, problem,
                                               trial->threads) == NORMA_STATUS_OK) {
        const struct verify_subject subject = {trial->implementation, state, problem,
                                               trial->threads, fences, trial->seed, NULL};
        if (verify_subject_execute(&subject, truth, pointers) == NORMA_STATUS_OK) {
            add_outputs(truth, trial->implementation, pointers, shares);
            shares->supported = true;
        }
        trial->implementation->destroy(state);
    }
    verify_truth_destroy(truth);
}

/* Adds the shares of all problems of a kind, each of which counts once. */
static void add_problems(struct verify_trial *trial, const struct norma_problem *kind,
                         struct output_shares *shares) {
    struct verify_fences fences = {0};
    for (size_t i = 0; verify_variant_at(i); i++) {
        for (size_t k = 0; k < SHAPES * (NORMA_PASS_INFERENCE_BACKWARD + 1); k++) {
            struct norma_problem problem;
            if (make(kind, i, shapes[k % SHAPES], (norma_pass)(k / SHAPES), &problem)) {
                add_problem(trial, &problem, &fences, shares);
                trial->result.checks++;
            }
        }
    }
    verify_fences_release(&fences);
}

/* Fails unless the median share of an output is in the allowed range. The definition in double, whose
 * results are rounded once, may use as little as it likes. */
static void expect_fair(struct verify_trial *trial, const char *text, enum reference_tensor_id id,
                        double share) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    const struct norma_problem kind = verify_trial_problem(trial, "%s", text);
    reference_tensors_of(&kind, tensors);
    const bool exact = trial->implementation->kind == REFERENCE_KIND_DEFINITION;
    const bool loose = share < VERIFY_LEAST_MEDIAN_SHARE && !exact;
    trial->result.share = fmax(trial->result.share, share);
    if (loose || share > VERIFY_MOST_MEDIAN_SHARE) {
        verify_trial_fail(
            trial, "%s: the median share of the bound of %s is %.3g, not in %g to %g: it is too %s",
            text, tensors[id].name, share, VERIFY_LEAST_MEDIAN_SHARE, VERIFY_MOST_MEDIAN_SHARE,
            loose ? "loose" : "tight");
    }
}

/* Takes the operator and the direction from the problem `text`, whose size does not matter. */
static void bounds_are_neither_loose_nor_tight(struct verify_trial *trial, const char *text) {
    const struct norma_problem kind = verify_trial_problem(trial, "%s", text);
    struct output_shares *shares = verify_trial_memory(trial, sizeof *shares);
    add_problems(trial, &kind, shares);
    if (!shares->supported) {
        verify_trial_skip(trial, "%s: %s", text, norma_strerror(NORMA_STATUS_UNSUPPORTED));
    }
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const double share = verify_shares_median(&shares->of[id]);
        if (share > 0.0) {
            expect_fair(trial, text, (enum reference_tensor_id)id, share);
        }
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
