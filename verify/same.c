/* SPDX-License-Identifier: Apache-2.0 */
#include "same.h"

#include "controls.h"
#include "results.h"

/* How the second execution differs from the first. */
struct way {
    enum norma_check_kind check;
    const char *text;
    void *state;
    uint64_t controls;
};

static norma_status execute_under(const struct norma_subject *subject,
                                  const struct norma_truth *truth, uint64_t controls,
                                  void *pointers[NORMA_TENSOR_COUNT]) {
    const uint64_t own = norma_controls();
    norma_controls_set(controls);
    const norma_status status = norma_subject_execute(subject, truth, pointers);
    norma_controls_set(own);
    return status;
}

static struct norma_verdict compare(const struct norma_subject *subject,
                                    const struct norma_results *first, const struct way *way,
                                    void *const pointers[NORMA_TENSOR_COUNT]) {
    const struct norma_difference difference =
        norma_results_compare(first, subject->problem, pointers);
    return difference.tensor ? norma_verdict_failed(way->check, "%s[%lld] is %.9g, and %.9g %s",
                                                    difference.tensor, (long long)difference.index,
                                                    difference.kept, difference.got, way->text)
                             : (struct norma_verdict){.passed = true};
}

/* An execution that fails is the affair of other checks. */
static struct norma_verdict execute_again(struct norma_subject subject,
                                          const struct norma_truth *truth, const struct way *way) {
    void *pointers[NORMA_TENSOR_COUNT];
    struct norma_results first;
    struct norma_verdict verdict = {.passed = true};
    const uint64_t own = norma_controls();
    if (execute_under(&subject, truth, own, pointers) != NORMA_OK ||
        !norma_results_keep(&first, subject.problem, pointers)) {
        return verdict;
    }
    subject.state = way->state;
    if (execute_under(&subject, truth, way->controls, pointers) == NORMA_OK) {
        verdict = compare(&subject, &first, way, pointers);
    }
    norma_results_release(&first);
    return verdict;
}

struct norma_verdict norma_check_repetition(const struct norma_subject *subject,
                                            const struct norma_truth *truth) {
    const struct way way = {NORMA_CHECK_REPETITION, "the second time", subject->state,
                            norma_controls()};
    return execute_again(*subject, truth, &way);
}

struct norma_verdict norma_check_environment(const struct norma_subject *subject,
                                             const struct norma_truth *truth) {
    const struct way way = {NORMA_CHECK_ENVIRONMENT,
                            "where the caller rounds towards zero and flushes subnormals",
                            subject->state, norma_controls_strange()};
    return execute_again(*subject, truth, &way);
}

struct norma_verdict norma_check_threads(const struct norma_subject *subject,
                                         const struct norma_truth *truth) {
    const bool alone = subject->threads == 1;
    struct way way = {NORMA_CHECK_THREADS, alone ? "with two threads" : "with one thread", NULL,
                      norma_controls()};
    const struct norma_implementation *implementation = subject->implementation;
    if (implementation->create(implementation, &way.state, subject->problem, alone ? 2 : 1) !=
        NORMA_OK) {
        return (struct norma_verdict){.passed = true};
    }
    const struct norma_verdict verdict = execute_again(*subject, truth, &way);
    implementation->destroy(way.state);
    return verdict;
}
