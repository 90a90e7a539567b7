/* The same inputs give the same bits.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/checks/promises.h"

#include <norma_tools.h>
#include <stdio.h>

#include "verify/checks/fewer_threads.h"
#include "verify/checks/tunings.h"

static const struct verify_setup usual = {VERIFY_DATA_NORMAL, VERIFY_PLACE_BACK};

/* ---- ways to execute ---------------------------------------------------------------------- */

/* An execution of a subject on tensors that are placed. */
struct execution {
    const struct verify_subject *subject;
    void *pointers[REFERENCE_TENSOR_COUNT];
    norma_status status;
};

typedef void execution_way(void *execution);

static void run_plainly(void *opaque) {
    struct execution *execution = opaque;
    execution->status = verify_check_run(execution->subject, execution->pointers);
}

static void run_littered(void *opaque) {
    struct execution *execution = opaque;
    verify_check_litter(execution->subject, execution->pointers);
    run_plainly(execution);
}

static void run_on_two(void *opaque) {
    verify_team_limit(2, run_plainly, opaque);
}

static void run_nested(void *opaque) {
    verify_team_nest(run_plainly, opaque);
}

/* ---- comparison --------------------------------------------------------------------------- */

/* Executes a subject and keeps its results. Returns false if it has no state or cannot be executed,
 * which other checks report. */
static bool keep(const struct verify_subject *subject, const struct verify_truth *truth,
                 struct verify_results *results) {
    void *pointers[REFERENCE_TENSOR_COUNT];
    return subject->state && verify_subject_execute(subject, truth, pointers) == NORMA_STATUS_OK &&
           verify_results_keep(results, subject->problem, pointers);
}

/* Executes a subject in some way, and returns the first difference from these results. There is
 * none if it cannot be executed. */
static struct verify_difference execute(const struct verify_results *results,
                                        const struct verify_subject *subject,
                                        const struct verify_truth *truth, execution_way *run) {
    struct execution execution = {.subject = subject};
    if (subject->state && verify_check_place(subject, truth, usual, execution.pointers)) {
        run(&execution);
        if (execution.status == NORMA_STATUS_OK) {
            return verify_results_compare(results, subject->problem, execution.pointers);
        }
    }
    return (struct verify_difference){.tensor = NULL};
}

/* Fails if results of a subject that is executed in some way differ from these. The text says how
 * the execution differs. */
static struct verify_verdict compare(const struct verify_results *results,
                                     const struct verify_subject *subject,
                                     const struct verify_truth *truth, execution_way *run,
                                     enum verify_check_kind check, const char *text) {
    const struct verify_difference difference = execute(results, subject, truth, run);
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
    subject.threads = threads;
    subject.state = NULL; /* and stays so on any error */
    implementation->create(implementation, &subject.state, like->problem, threads);
    return subject;
}

static void destroy(const struct verify_subject *subject) {
    if (subject->state) {
        subject->implementation->destroy(subject->state);
    }
}

/* ---- checks ------------------------------------------------------------------------------- */

/* Executes a plan on data, on other data, and on the first data again. Keeps the results on the
 * other data, and fails if the first and the last differ. */
static struct verify_verdict repeat(const struct verify_subject *subject,
                                    const struct verify_truth *truth,
                                    const struct verify_truth *other,
                                    struct verify_results *on_other) {
    struct verify_verdict verdict = {.passed = true};
    struct verify_results results;
    if (keep(subject, truth, &results)) {
        keep(subject, other, on_other);
        verdict = compare(&results, subject, truth, run_littered, VERIFY_CHECK_REPETITION,
                          "the second time, with other garbage in the memory");
        verify_results_release(&results);
    }
    return verdict;
}

struct verify_verdict verify_check_repetition(const struct verify_subject *subject,
                                              const struct verify_truth *truth,
                                              const struct verify_truth *other) {
    const struct verify_subject first = create(subject, subject->implementation, subject->threads);
    const struct verify_subject second = create(subject, subject->implementation, subject->threads);
    struct verify_results on_other = {{NULL}};
    struct verify_verdict verdict = repeat(&first, truth, other, &on_other);
    if (verdict.passed) {
        verdict = compare(&on_other, &second, other, run_plainly, VERIFY_CHECK_REPETITION,
                          "with a plan that was not executed on other data before");
    }
    verify_results_release(&on_other);
    destroy(&first);
    destroy(&second);
    return verdict;
}

/* A set whose plans take as many threads as they may, and small tiles, so that all have work. */
struct eager {
    struct norma_profile *profile;
    struct reference_implementation implementation;
};

/* Makes an eager set; a copy of anything else has no such plans. */
static const struct reference_implementation *
make_eager(struct eager *eager, const struct reference_implementation *implementation) {
    struct norma_tuning tuning = norma_tuning_default(NORMA_CLASS_L2);
    tuning.thread_bytes = 1;
    tuning.tile_bytes = 4096;
    eager->profile = norma_profile_create();
    for (int size = 0; eager->profile && size < NORMA_SIZE_CLASS_COUNT; size++) {
        norma_profile_put(eager->profile, implementation->name, (norma_size_class)size, &tuning);
    }
    return verify_implementation_tune(implementation, eager->profile, &eager->implementation)
               ? &eager->implementation
               : implementation;
}

/* Returns a subject as a machine with so many processors creates it. */
static struct verify_subject create_elsewhere(const struct verify_subject *like,
                                              const struct reference_implementation *implementation,
                                              int threads) {
    const int here = verify_team_set_default(threads);
    const struct verify_subject subject = create(like, implementation, threads);
    verify_team_set_default(here);
    return subject;
}

/* Checks that fewer threads than a plan is made for give the same bits. */
static struct verify_verdict starve(const struct verify_results *results,
                                    const struct verify_subject *subject,
                                    const struct verify_truth *truth) {
    struct verify_verdict verdict = compare(results, subject, truth, run_nested,
                                            VERIFY_CHECK_THREADS, "inside of a parallel region");
    if (verdict.passed && subject->threads > 2) {
        verdict = compare(results, subject, truth, run_on_two, VERIFY_CHECK_THREADS,
                          "with two threads of more that were planned");
    }
    return verdict;
}

struct verify_verdict verify_check_threads(const struct verify_subject *subject,
                                           const struct verify_truth *truth, int threads) {
    const struct verify_subject first = create(subject, subject->implementation, subject->threads);
    struct eager eager;
    const struct verify_subject second =
        create_elsewhere(subject, make_eager(&eager, subject->implementation), threads);
    struct verify_verdict verdict = {.passed = true};
    struct verify_results results;
    char text[64];
    snprintf(text, sizeof text, "with %d thread%s", threads, threads == 1 ? "" : "s");
    if (keep(&first, truth, &results)) {
        verdict = compare(&results, &second, truth, run_plainly, VERIFY_CHECK_THREADS, text);
        verdict = verdict.passed ? starve(&results, &second, truth) : verdict;
        verify_results_release(&results);
    }
    destroy(&first);
    destroy(&second);
    norma_profile_destroy(eager.profile);
    return verdict;
}

/* Both plans have the same number of threads, and neither has been executed, so that nothing but
 * the tuning shows. */
struct verify_verdict verify_check_tuning(const struct verify_subject *subject,
                                          const struct verify_truth *truth, size_t index) {
    const struct verify_tuning tuning = verify_tuning_at(index);
    struct reference_implementation tuned = *subject->implementation;
    tuned.profile = tuning.profile;
    const struct verify_subject first = create(subject, subject->implementation, tuning.threads);
    const struct verify_subject second = create(subject, &tuned, tuning.threads);
    struct verify_verdict verdict = {.passed = true};
    struct verify_results results;
    if (keep(&first, truth, &results)) {
        verdict = compare(&results, &second, truth, run_plainly, VERIFY_CHECK_TUNING,
                          verify_tuning_text(index));
        verify_results_release(&results);
    }
    destroy(&first);
    destroy(&second);
    return verdict;
}

struct verify_verdict verify_check_base(const struct verify_subject *subject,
                                        const struct reference_implementation *base,
                                        const struct verify_truth *truth) {
    const struct verify_subject of_base = create(subject, base, subject->threads);
    struct verify_difference difference = {.tensor = NULL};
    struct verify_results results;
    if (keep(&of_base, truth, &results)) {
        difference = execute(&results, subject, truth, run_plainly);
        verify_results_release(&results);
    }
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
