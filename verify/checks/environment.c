/* The floating-point environment of the caller, and of the threads that share its work: it changes
 * no bit, and stays as it was, also where the execution is refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/checks/promises.h"

#include "verify/checks/controls.h"
#include "verify/checks/fewer_threads.h"

static const struct verify_setup usual = {VERIFY_DATA_NORMAL, VERIFY_PLACE_BACK};

/* Executes on the tensors that were placed last, with these controls in all threads. Reports if one
 * of them has others afterwards. */
static norma_status run_with(const struct verify_subject *subject, uint64_t controls,
                             void *const pointers[REFERENCE_TENSOR_COUNT], const char *when,
                             struct verify_verdict *verdict) {
    const uint64_t own = verify_controls();
    verify_team_set_controls(subject->threads, controls);
    /* The register may differ from the value that was written: not every processor has traps. */
    const uint64_t set = verify_controls();
    const norma_status status = verify_check_run(subject, pointers);
    const int other = verify_team_find_other(subject->threads, set);
    verify_team_set_controls(subject->threads, own);
    if (other >= 0 && verify_check_wanted(VERIFY_CHECK_CONTROLS)) {
        *verdict = verify_verdict_failed(
            VERIFY_CHECK_CONTROLS,
            "the floating-point environment %#llx of thread %d is another one %s",
            (unsigned long long)set, other, when);
    }
    return status;
}

/* ---- success ------------------------------------------------------------------------------ */

struct environment {
    uint64_t controls;
    const char *caller; /* what the caller does */
};

/* Executes in another environment, and compares with results in the usual one. */
static struct verify_verdict compare(const struct verify_subject *subject,
                                     const struct verify_truth *truth,
                                     const struct verify_results *results,
                                     struct environment environment) {
    struct verify_verdict verdict = {.passed = true};
    void *pointers[REFERENCE_TENSOR_COUNT];
    if (!verify_check_place(subject, truth, usual, pointers) ||
        run_with(subject, environment.controls, pointers, "after an execution", &verdict) !=
            NORMA_STATUS_OK ||
        !verdict.passed || !verify_check_wanted(VERIFY_CHECK_ENVIRONMENT)) {
        return verdict;
    }
    const struct verify_difference difference =
        verify_results_compare(results, subject->problem, pointers);
    return difference.tensor
               ? verify_verdict_failed(VERIFY_CHECK_ENVIRONMENT,
                                       "%s[%lld] is %.9g, and %.9g where the caller %s",
                                       difference.tensor, (long long)difference.index,
                                       difference.kept, difference.got, environment.caller)
               : verdict;
}

struct verify_verdict verify_check_environment(const struct verify_subject *subject,
                                               const struct verify_truth *truth) {
    const struct environment environments[] = {
        {verify_controls_strange(), "rounds towards zero and flushes subnormals"},
        {verify_controls_trapping(), "traps every exception"},
    };
    struct verify_verdict verdict = {.passed = true};
    void *pointers[REFERENCE_TENSOR_COUNT];
    struct verify_results results;
    if (verify_subject_execute(subject, truth, pointers) != NORMA_STATUS_OK ||
        !verify_results_keep(&results, subject->problem, pointers)) {
        return verdict;
    }
    const size_t count = verify_check_wanted(VERIFY_CHECK_ENVIRONMENT) ? 2 : 1;
    for (size_t i = 0; i < count && verdict.passed; i++) {
        verdict = compare(subject, truth, &results, environments[i]);
    }
    verify_results_release(&results);
    return verdict;
}

/* ---- refusals ----------------------------------------------------------------------------- */

/* An argument that norma_execute refuses. */
struct refusal {
    enum reference_tensor_id id;
    void (*spoil)(void *first); /* its first entry; NULL: the argument is left out */
};

static void spoil_real(void *first) {
    *(float *)first = 7.0f;
}

static void spoil_index(void *first) {
    *(int32_t *)first = -1;
}

static void spoil_label(void *first) {
    *(uint8_t *)first = UINT8_MAX;
}

static const struct refusal refusals[] = {
    {REFERENCE_TENSOR_x, NULL},
    {REFERENCE_TENSOR_rho, spoil_real},
    {REFERENCE_TENSOR_style_index, spoil_index},
    {REFERENCE_TENSOR_style_weights, spoil_real},
    {REFERENCE_TENSOR_labels, spoil_label},
    {REFERENCE_TENSOR_permutation, spoil_index},
};

/* Spoils an argument. Returns false if it is there and has no value that would be refused. */
static bool spoil(const struct norma_problem *problem, struct refusal refusal,
                  void *pointers[REFERENCE_TENSOR_COUNT]) {
    if (!pointers[refusal.id] ||
        (refusal.id == REFERENCE_TENSOR_labels && problem->regions > UINT8_MAX)) {
        return false;
    }
    if (refusal.spoil) {
        refusal.spoil(pointers[refusal.id]);
    } else {
        pointers[refusal.id] = NULL;
    }
    return true;
}

static struct verify_verdict check_refusal(const struct verify_subject *subject,
                                           const struct verify_truth *truth,
                                           struct refusal refusal) {
    struct verify_verdict verdict = {.passed = true};
    void *pointers[REFERENCE_TENSOR_COUNT];
    if (!verify_check_place(subject, truth, usual, pointers) ||
        !spoil(subject->problem, refusal, pointers)) {
        return verdict;
    }
    const norma_status status =
        run_with(subject, verify_controls_strange(), pointers, "after a refusal", &verdict);
    if (status == NORMA_STATUS_OK && verify_check_wanted(VERIFY_CHECK_REFUSALS)) {
        return verify_verdict_failed(VERIFY_CHECK_REFUSALS, "a wrong %s is not refused",
                                     truth->tensors[refusal.id].name);
    }
    return verdict;
}

struct verify_verdict verify_check_refusals(const struct verify_subject *subject,
                                            const struct verify_truth *truth) {
    struct verify_verdict verdict = {.passed = true};
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals && verdict.passed; i++) {
        verdict = check_refusal(subject, truth, refusals[i]);
    }
    return verdict;
}
