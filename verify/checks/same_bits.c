/* The same inputs give the same bits.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/checks/promises.h"

#include "verify/checks/controls.h"

/* Executes both subjects, which may be the same, and returns the first difference of their results;
 * the caller of the second has another floating-point environment. There is no difference if either
 * has no state or cannot be executed, as other checks report that. */
static struct verify_difference execute_both(const struct verify_subject *first,
                                             const struct verify_subject *second,
                                             const struct verify_truth *truth, uint64_t controls) {
    void *pointers[REFERENCE_TENSOR_COUNT];
    struct verify_results results;
    struct verify_difference difference = {.tensor = NULL};
    if (!first->state || !second->state ||
        verify_subject_execute(first, truth, pointers) != NORMA_STATUS_OK ||
        !verify_results_keep(&results, first->problem, pointers)) {
        return difference;
    }
    const uint64_t own = verify_controls();
    verify_controls_set(controls);
    const norma_status status = verify_subject_execute(second, truth, pointers);
    verify_controls_set(own);
    if (status == NORMA_STATUS_OK) {
        difference = verify_results_compare(&results, second->problem, pointers);
    }
    verify_results_release(&results);
    return difference;
}

/* Fails if there is a difference. The text says how the second execution differs. */
static struct verify_verdict verdict_of(struct verify_difference difference,
                                        enum verify_check_kind check, const char *text) {
    return difference.tensor ? verify_verdict_failed(check, "%s[%lld] is %.9g, and %.9g %s",
                                                     difference.tensor, (long long)difference.index,
                                                     difference.kept, difference.got, text)
                             : (struct verify_verdict){.passed = true};
}

/* Returns a subject with a state that has not been executed. The state is NULL if it cannot be
 * created. */
static struct verify_subject create(const struct verify_subject *like,
                                    const struct reference_implementation *implementation,
                                    int threads) {
    struct verify_subject subject = *like;
    subject.implementation = implementation;
    subject.state = NULL; /* and stays so on any error */
    implementation->create(implementation, &subject.state, like->problem, threads);
    return subject;
}

static void destroy(const struct verify_subject *subject) {
    if (subject->state) {
        subject->implementation->destroy(subject->state);
    }
}

struct verify_verdict verify_check_repetition(const struct verify_subject *subject,
                                              const struct verify_truth *truth) {
    const struct verify_subject fresh = create(subject, subject->implementation, subject->threads);
    const struct verify_difference difference =
        execute_both(&fresh, &fresh, truth, verify_controls());
    destroy(&fresh);
    return verdict_of(difference, VERIFY_CHECK_REPETITION, "the second time");
}

struct verify_verdict verify_check_environment(const struct verify_subject *subject,
                                               const struct verify_truth *truth) {
    return verdict_of(execute_both(subject, subject, truth, verify_controls_strange()),
                      VERIFY_CHECK_ENVIRONMENT,
                      "where the caller rounds towards zero and flushes subnormals");
}

struct verify_verdict verify_check_threads(const struct verify_subject *subject,
                                           const struct verify_truth *truth) {
    const bool alone = subject->threads == 1;
    const struct verify_subject first = create(subject, subject->implementation, subject->threads);
    const struct verify_subject second = create(subject, subject->implementation, alone ? 2 : 1);
    const struct verify_difference difference =
        execute_both(&first, &second, truth, verify_controls());
    destroy(&first);
    destroy(&second);
    return verdict_of(difference, VERIFY_CHECK_THREADS,
                      alone ? "with two threads" : "with one thread");
}

struct verify_verdict verify_check_base(const struct verify_subject *subject,
                                        const struct reference_implementation *base,
                                        const struct verify_truth *truth) {
    const struct verify_subject of_base = create(subject, base, subject->threads);
    const struct verify_difference difference =
        execute_both(&of_base, subject, truth, verify_controls());
    destroy(&of_base);
    return difference.tensor
               ? verify_verdict_failed(
                     VERIFY_CHECK_BITS,
                     "within the error bound, but not the bits of %s: %s[%lld] is %.9g, should be "
                     "%.9g; --without bits accepts that",
                     base->name, difference.tensor, (long long)difference.index, difference.got,
                     difference.kept)
               : (struct verify_verdict){.passed = true};
}
