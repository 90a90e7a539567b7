/* The same inputs give the same bits.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/checks/promises.h"

#include "verify/checks/controls.h"
#include "verify/truth/truth.h"

/* Two executions whose results are compared. */
struct way {
    enum verify_check_kind check;
    const char *text;     /* how the second differs, for messages */
    void *first, *second; /* the states that are executed, which may be the same */
    uint64_t controls;    /* the floating-point environment of the second */
};

static norma_status execute_under(struct verify_subject subject, void *state,
                                  const struct verify_truth *truth, uint64_t controls,
                                  void *pointers[REFERENCE_TENSOR_COUNT]) {
    const uint64_t own = verify_controls();
    subject.state = state;
    verify_controls_set(controls);
    const norma_status status = verify_subject_execute(&subject, truth, pointers);
    verify_controls_set(own);
    return status;
}

static struct verify_verdict compare(const struct verify_subject *subject,
                                     const struct verify_results *first, const struct way *way,
                                     void *const pointers[REFERENCE_TENSOR_COUNT]) {
    const struct verify_difference difference =
        verify_results_compare(first, subject->problem, pointers);
    return difference.tensor ? verify_verdict_failed(way->check, "%s[%lld] is %.9g, and %.9g %s",
                                                     difference.tensor, (long long)difference.index,
                                                     difference.kept, difference.got, way->text)
                             : (struct verify_verdict){.passed = true};
}

/* Executes both ways and compares the results. An execution that fails passes, as other checks
 * report it. */
static struct verify_verdict execute_twice(const struct verify_subject *subject,
                                           const struct verify_truth *truth,
                                           const struct way *way) {
    void *pointers[REFERENCE_TENSOR_COUNT];
    struct verify_results first;
    struct verify_verdict verdict = {.passed = true};
    if (execute_under(*subject, way->first, truth, verify_controls(), pointers) !=
            NORMA_STATUS_OK ||
        !verify_results_keep(&first, subject->problem, pointers)) {
        return verdict;
    }
    if (execute_under(*subject, way->second, truth, way->controls, pointers) == NORMA_STATUS_OK) {
        verdict = compare(subject, &first, way, pointers);
    }
    verify_results_release(&first);
    return verdict;
}

/* Returns a state that has not been executed; NULL if it cannot be created. */
static void *create(const struct verify_subject *subject, int threads) {
    const struct reference_implementation *implementation = subject->implementation;
    void *state = NULL;
    return implementation->create(implementation, &state, subject->problem, threads) ==
                   NORMA_STATUS_OK
               ? state
               : NULL;
}

static void destroy(const struct verify_subject *subject, void *state) {
    if (state) {
        subject->implementation->destroy(state);
    }
}

struct verify_verdict verify_check_repetition(const struct verify_subject *subject,
                                              const struct verify_truth *truth) {
    void *state = create(subject, subject->threads);
    const struct way way = {VERIFY_CHECK_REPETITION, "the second time", state, state,
                            verify_controls()};
    struct verify_verdict verdict = {.passed = true};
    if (state) {
        verdict = execute_twice(subject, truth, &way);
    }
    destroy(subject, state);
    return verdict;
}

struct verify_verdict verify_check_environment(const struct verify_subject *subject,
                                               const struct verify_truth *truth) {
    const struct way way = {VERIFY_CHECK_ENVIRONMENT,
                            "where the caller rounds towards zero and flushes subnormals",
                            subject->state, subject->state, verify_controls_strange()};
    return execute_twice(subject, truth, &way);
}

struct verify_verdict verify_check_threads(const struct verify_subject *subject,
                                           const struct verify_truth *truth) {
    const bool alone = subject->threads == 1;
    const struct way way = {VERIFY_CHECK_THREADS, alone ? "with two threads" : "with one thread",
                            create(subject, subject->threads), create(subject, alone ? 2 : 1),
                            verify_controls()};
    struct verify_verdict verdict = {.passed = true};
    if (way.first && way.second) {
        verdict = execute_twice(subject, truth, &way);
    }
    destroy(subject, way.first);
    destroy(subject, way.second);
    return verdict;
}

/* Compares the kept results of the base with those of executing the subject. */
static struct verify_verdict compare_with_base(const struct verify_subject *subject,
                                               const struct verify_results *of_base,
                                               const char *base, const struct verify_truth *truth) {
    void *pointers[REFERENCE_TENSOR_COUNT];
    struct verify_verdict verdict = {.passed = true};
    if (verify_subject_execute(subject, truth, pointers) != NORMA_STATUS_OK) {
        return verdict;
    }
    const struct verify_difference difference =
        verify_results_compare(of_base, subject->problem, pointers);
    if (difference.tensor) {
        verdict = verify_verdict_failed(
            VERIFY_CHECK_BITS,
            "within the error bound, but not the bits of %s: %s[%lld] is %.9g, should be %.9g; "
            "--without bits accepts that",
            base, difference.tensor, (long long)difference.index, difference.got, difference.kept);
    }
    return verdict;
}

struct verify_verdict verify_check_base(const struct verify_subject *subject,
                                        const struct reference_implementation *base,
                                        const struct verify_truth *truth) {
    struct verify_subject of_base = *subject;
    of_base.implementation = base;
    of_base.state = create(&of_base, subject->threads);
    void *pointers[REFERENCE_TENSOR_COUNT];
    struct verify_results results;
    struct verify_verdict verdict = {.passed = true};
    if (of_base.state && verify_subject_execute(&of_base, truth, pointers) == NORMA_STATUS_OK &&
        verify_results_keep(&results, subject->problem, pointers)) {
        verdict = compare_with_base(subject, &results, base->name, truth);
        verify_results_release(&results);
    }
    destroy(&of_base, of_base.state);
    return verdict;
}
