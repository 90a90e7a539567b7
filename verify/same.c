/* SPDX-License-Identifier: Apache-2.0 */
#include "same.h"

#include "controls.h"
#include "results.h"

/* The two executions that are compared, and how the second differs. */
struct way {
    enum norma_check_kind check;
    const char *text;
    void *first, *second; /* the states that are executed; may be the same */
    uint64_t controls;    /* the second one's */
};

static norma_status execute_under(struct norma_subject subject, void *state,
                                  const struct norma_truth *truth, uint64_t controls,
                                  void *pointers[NORMA_TENSOR_COUNT]) {
    const uint64_t own = norma_controls();
    subject.state = state;
    norma_controls_set(controls);
    const norma_status status = norma_subject_execute(&subject, truth, pointers);
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
static struct norma_verdict execute_twice(const struct norma_subject *subject,
                                          const struct norma_truth *truth, const struct way *way) {
    void *pointers[NORMA_TENSOR_COUNT];
    struct norma_results first;
    struct norma_verdict verdict = {.passed = true};
    if (execute_under(*subject, way->first, truth, norma_controls(), pointers) != NORMA_OK ||
        !norma_results_keep(&first, subject->problem, pointers)) {
        return verdict;
    }
    if (execute_under(*subject, way->second, truth, way->controls, pointers) == NORMA_OK) {
        verdict = compare(subject, &first, way, pointers);
    }
    norma_results_release(&first);
    return verdict;
}

/* A state that has not been executed; NULL: there is none. */
static void *create(const struct norma_subject *subject, int threads) {
    const struct norma_implementation *implementation = subject->implementation;
    void *state = NULL;
    return implementation->create(implementation, &state, subject->problem, threads) == NORMA_OK
               ? state
               : NULL;
}

static void destroy(const struct norma_subject *subject, void *state) {
    if (state) {
        subject->implementation->destroy(state);
    }
}

struct norma_verdict norma_check_repetition(const struct norma_subject *subject,
                                            const struct norma_truth *truth) {
    void *state = create(subject, subject->threads);
    const struct way way = {NORMA_CHECK_REPETITION, "the second time", state, state,
                            norma_controls()};
    struct norma_verdict verdict = {.passed = true};
    if (state) {
        verdict = execute_twice(subject, truth, &way);
    }
    destroy(subject, state);
    return verdict;
}

struct norma_verdict norma_check_environment(const struct norma_subject *subject,
                                             const struct norma_truth *truth) {
    const struct way way = {NORMA_CHECK_ENVIRONMENT,
                            "where the caller rounds towards zero and flushes subnormals",
                            subject->state, subject->state, norma_controls_strange()};
    return execute_twice(subject, truth, &way);
}

struct norma_verdict norma_check_threads(const struct norma_subject *subject,
                                         const struct norma_truth *truth) {
    const bool alone = subject->threads == 1;
    const struct way way = {NORMA_CHECK_THREADS, alone ? "with two threads" : "with one thread",
                            create(subject, subject->threads), create(subject, alone ? 2 : 1),
                            norma_controls()};
    struct norma_verdict verdict = {.passed = true};
    if (way.first && way.second) {
        verdict = execute_twice(subject, truth, &way);
    }
    destroy(subject, way.first);
    destroy(subject, way.second);
    return verdict;
}

/* What came of executing the base, kept, against what comes of executing the subject. */
static struct norma_verdict compare_with_base(const struct norma_subject *subject,
                                              const struct norma_results *of_base, const char *base,
                                              const struct norma_truth *truth) {
    void *pointers[NORMA_TENSOR_COUNT];
    struct norma_verdict verdict = {.passed = true};
    if (norma_subject_execute(subject, truth, pointers) != NORMA_OK) {
        return verdict;
    }
    const struct norma_difference difference =
        norma_results_compare(of_base, subject->problem, pointers);
    if (difference.tensor) {
        verdict = norma_verdict_failed(
            NORMA_CHECK_BITS,
            "within the error bound, but not the bits of %s: %s[%lld] is %.9g, should be %.9g; "
            "--without bits accepts that",
            base, difference.tensor, (long long)difference.index, difference.got, difference.kept);
    }
    return verdict;
}

struct norma_verdict norma_check_base(const struct norma_subject *subject,
                                      const struct norma_implementation *base,
                                      const struct norma_truth *truth) {
    struct norma_subject of_base = *subject;
    of_base.implementation = base;
    of_base.state = create(&of_base, subject->threads);
    void *pointers[NORMA_TENSOR_COUNT];
    struct norma_results results;
    struct norma_verdict verdict = {.passed = true};
    if (of_base.state && norma_subject_execute(&of_base, truth, pointers) == NORMA_OK &&
        norma_results_keep(&results, subject->problem, pointers)) {
        verdict = compare_with_base(subject, &results, base->name, truth);
        norma_results_release(&results);
    }
    destroy(&of_base, of_base.state);
    return verdict;
}
