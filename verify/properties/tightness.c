/* The tightness of the bounds. For each output of each operator, the median share of its bounds
 * that the results of a set use must be neither so small that the bounds prove nothing, nor so
 * large that other data would exceed them.
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

enum { ALL = REFERENCE_TENSOR_COUNT }; /* behind the outputs: all of them together */

/* The shares of each output, and of all together: one of them for each problem. */
struct output_shares {
    struct verify_shares of[ALL + 1];
    bool supported; /* the implementation supports a problem */
};

static double share_of(const struct verify_truth *truth,
                       const struct reference_implementation *implementation,
                       void *const pointers[REFERENCE_TENSOR_COUNT]) {
    return verify_truth_compare(truth, implementation->accumulation, pointers).median_share;
}

/* Adds the median share of all outputs of a problem, and that of each, from comparing it alone.
 * Exact outputs have none. */
static void add_outputs(const struct verify_truth *truth,
                        const struct reference_implementation *implementation,
                        void *const pointers[REFERENCE_TENSOR_COUNT],
                        struct output_shares *shares) {
    verify_shares_add(&shares->of[ALL], share_of(truth, implementation, pointers));
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        void *alone[REFERENCE_TENSOR_COUNT];
        for (int other = 0; other < REFERENCE_TENSOR_COUNT; other++) {
            const bool left_out = reference_is_output(&truth->tensors[other]) && other != id;
            alone[other] = left_out ? NULL : pointers[other];
        }
        if (reference_is_output(&truth->tensors[id])) {
            verify_shares_add(&shares->of[id], share_of(truth, implementation, alone));
        }
    }
}

static void add_problem(const struct verify_trial *trial, const struct norma_problem *problem,
                        struct verify_fences *fences, struct output_shares *shares) {
    struct verify_truth *truth = verify_truth_create(problem, VERIFY_DATA_NORMAL, trial->seed);
    void *pointers[REFERENCE_TENSOR_COUNT], *state = NULL;
    if (truth && trial->implementation->create(trial->implementation, &state, problem,
                                               trial->threads) == NORMA_STATUS_OK) {
        const struct verify_subject subject = {
            trial->implementation, state, problem, trial->threads, fences, trial->seed, NULL};
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

/* The least median share of a single output. Some have another cause of exactness than the bound
 * knows of: bin's sums, of which drho is a difference, are all in double. */
static const double LEAST_OF_ONE = 0.5 * VERIFY_LEAST_MEDIAN_SHARE;

/* Fails unless the median share of an output is in the allowed range. The definition in double,
 * whose results are rounded once, may use as little as it likes. */
static void expect_fair(struct verify_trial *trial, const char *text, const char *output,
                        double share, double least) {
    const bool exact = trial->implementation->kind == REFERENCE_KIND_DEFINITION;
    const bool loose = share < least && !exact;
    if (loose || share > VERIFY_MOST_MEDIAN_SHARE) {
        verify_trial_fail(
            trial, "%s: the median share of the bound of %s is %.3g, not in %g to %g: it is too %s",
            text, output, share, least, VERIFY_MOST_MEDIAN_SHARE, loose ? "loose" : "tight");
    }
}

static void expect_all_fair(struct verify_trial *trial, const char *text,
                            const struct norma_problem *kind, const struct output_shares *shares) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(kind, tensors);
    trial->result.share = verify_shares_median(&shares->of[ALL]);
    expect_fair(trial, text, "all outputs", trial->result.share, VERIFY_LEAST_MEDIAN_SHARE);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const double share = verify_shares_median(&shares->of[id]);
        if (share > 0.0) {
            expect_fair(trial, text, tensors[id].name, share, LEAST_OF_ONE);
        }
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
    expect_all_fair(trial, text, &kind, shares);
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
