/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/program/verify_run.h"

#include <stdio.h>
#include <string.h>

#include "verify/harness/harness.h"
#include "verify/properties/properties.h"

static void deliver(const struct verify_run *run, const struct verify_case *result) {
    run->taker.take(run->taker.context, result);
}

/* ---- problems ----------------------------------------------------------------------------- */

/* Small problems run on one thread: starting threads, as oneDNN does, takes far longer there than
 * the work. */
int verify_threads(const struct verify_options *options, size_t index) {
    const struct norma_problem *problem = &options->problems.list[index];
    if (options->threads > 0) {
        return options->threads;
    }
    if (!verify_check_wanted(VERIFY_CHECK_THREADS)) {
        return 1;
    }
    const bool large = reference_elements(problem) >= 1 << 13;
    const int threads = large ? 1 + (int)(index % 3) : 1, most = tool_threads_most();
    return tool_threads_startable(threads < most ? threads : most);
}

static void describe_failure(const struct verify_session *session,
                             const struct verify_progress *progress, struct verify_case *result) {
    result->outcome = VERIFY_OUTCOME_FAILED;
    result->setup = progress->setup;
    snprintf(result->message, sizeof result->message, "%s",
             progress->failed ? progress->message : norma_strerror(progress->created));
    snprintf(result->vote, sizeof result->vote, "%s", progress->vote);
    verify_session_command(session, result->implementation, result->reproduce,
                           sizeof result->reproduce);
}

static void describe_pass(const struct verify_session *session,
                          const struct verify_progress *progress, struct verify_case *result) {
    result->outcome = VERIFY_OUTCOME_PASSED;
    result->checks = progress->checks;
    result->share = progress->share;
    result->median_share = progress->median_share;
    snprintf(result->kernel, sizeof result->kernel, "%s",
             progress->implementation->kernel(progress->state));
    if (progress->implementation->kind != REFERENCE_KIND_NORMA) {
        snprintf(result->note, sizeof result->note, "skipped what only norma promises");
    } else if (session->unstartable > 0) {
        snprintf(result->note, sizeof result->note, "skipped %d threads, which cannot be started",
                 session->unstartable);
    }
}

/* Describes a case that was skipped. The status of norma's for too little memory is that of a plan,
 * and says nothing of the checks; nor does that of an implementation that was not asked. */
static void describe_skip(const struct verify_session *session,
                          const struct verify_progress *progress, struct verify_case *result) {
    result->outcome = VERIFY_OUTCOME_SKIPPED;
    result->too_large = progress->created == NORMA_STATUS_NO_MEMORY;
    snprintf(result->message, sizeof result->message, "%s", norma_strerror(progress->created));
    if (result->too_large) {
        snprintf(result->message, sizeof result->message,
                 "needs about %.1f GB of memory, and there are %.1f GB",
                 (double)session->needed / 1e9, (double)tool_memory_limit("") / 1e9);
    } else if (!verify_session_takes_part(session, progress->implementation)) {
        snprintf(result->message, sizeof result->message,
                 "promises nothing where eps is 0 as a float");
    }
}

static bool is_skipped(const struct verify_session *session,
                       const struct verify_progress *progress) {
    return !progress->failed &&
           (progress->created == NORMA_STATUS_UNSUPPORTED ||
            progress->created == NORMA_STATUS_UNAVAILABLE_SET ||
            (progress->created == NORMA_STATUS_NO_MEMORY && session->too_large));
}

static struct verify_case case_of(const struct verify_session *session,
                                  const struct verify_progress *progress) {
    struct verify_case result = {.kind = VERIFY_CASE_PROBLEM, .threads = session->threads};
    snprintf(result.implementation, sizeof result.implementation, "%s",
             progress->implementation->name);
    snprintf(result.subject, sizeof result.subject, "%s",
             norma_operator_name(session->problem->op));
    norma_problem_print(session->problem, result.text, sizeof result.text);
    if (!progress->failed && progress->created == NORMA_STATUS_OK) {
        describe_pass(session, progress, &result);
    } else if (is_skipped(session, progress)) {
        describe_skip(session, progress, &result);
    } else {
        describe_failure(session, progress, &result);
    }
    return result;
}

/* Checks a problem. The plans are destroyed before the cases are delivered, because destroying them
 * may end the process as well. */
static void run_problem(struct verify_run *run, size_t index) {
    const struct verify_options *options = run->options;
    static struct verify_session session;
    static struct verify_case cases[VERIFY_MAX_IMPLEMENTATIONS];
    session = (struct verify_session){
        .implementations = options->implementations,
        .count = options->implementation_count,
        .problem = &options->problems.list[index],
        .threads = verify_threads(options, index),
        .seed = options->seed,
        .thorough = options->level == VERIFY_LEVEL_FULL || !options->built_in,
        .single = !options->built_in,
        .turn = index,
        .vote = true,
        .guard = run->guard,
        .fences = run->fences,
    };
    verify_session_check(&session);
    for (size_t i = 0; i < session.count; i++) {
        cases[i] = case_of(&session, &session.progress[i]);
    }
    verify_session_end(&session);
    for (size_t i = 0; i < session.count; i++) {
        cases[i].seconds = session.progress[i].seconds;
    }
    run->fences = session.fences;
    for (size_t i = 0; i < session.count; i++) {
        deliver(run, &cases[i]);
    }
}

/* ---- functions and properties ------------------------------------------------------------- */

/* Begins a case of a function or a property. */
static struct verify_case case_of_step(const struct verify_run *run, const struct verify_step *step,
                                       const char *subject, const char *mode, const char *operand) {
    struct verify_case result = {.kind = step->kind, .threads = 1};
    snprintf(result.implementation, sizeof result.implementation, "%s",
             run->options->implementations[step->implementation]->name);
    snprintf(result.subject, sizeof result.subject, "%s", subject);
    verify_print_command(mode, result.implementation, 0, run->options->seed, operand,
                         result.reproduce, sizeof result.reproduce);
    return result;
}

/* Checks whether the implementation crashed an earlier worker at this step, and fails the case if
 * so. */
static bool has_crashed(const struct verify_run *run, const struct verify_step *step,
                        struct verify_case *result) {
    if (!run->guard || !run->guard->crashes[step->implementation].crashed) {
        return false;
    }
    result->outcome = VERIFY_OUTCOME_FAILED;
    snprintf(result->message, sizeof result->message, "%s",
             run->guard->crashes[step->implementation].message);
    return true;
}

static void announce(const struct verify_run *run, const struct verify_step *step,
                     const struct verify_case *result) {
    const struct verify_setup setup = {VERIFY_DATA_NORMAL, VERIFY_PLACE_BACK};
    verify_guard_running(run->guard, (int)step->implementation, setup);
    tool_crash_case(result->reproduce);
}

static void check_function(const struct verify_run *run, const struct verify_step *step,
                           struct verify_case *result) {
    if (!verify_implementation_available(run->options->implementations[step->implementation])) {
        result->outcome = VERIFY_OUTCOME_SKIPPED;
        snprintf(result->message, sizeof result->message, "%s",
                 norma_strerror(NORMA_STATUS_UNAVAILABLE_SET));
        return;
    }
    announce(run, step, result);
    const double begun = tool_seconds();
    const struct verify_vocabulary_verdict verdict = verify_vocabulary_check(
        verify_vocabulary_of(result->implementation), step->index, run->options->seed);
    result->outcome = verdict.passed ? VERIFY_OUTCOME_PASSED : VERIFY_OUTCOME_FAILED;
    result->checks = verdict.checks;
    result->seconds = tool_seconds() - begun;
    memcpy(result->message, verdict.message, sizeof result->message);
}

static void run_function(const struct verify_run *run, const struct verify_step *step) {
    struct verify_case result = case_of_step(run, step, "vocabulary", "--vocabulary", NULL);
    snprintf(result.text, sizeof result.text, "vocabulary: %s",
             verify_vocabulary_function(step->index));
    if (!has_crashed(run, step, &result)) {
        check_function(run, step, &result);
    }
    deliver(run, &result);
}

static void check_property(const struct verify_run *run, const struct verify_step *step,
                           struct verify_case *result) {
    static const enum verify_outcome outcomes[] = {
        [VERIFY_PROPERTY_HOLDS] = VERIFY_OUTCOME_PASSED,
        [VERIFY_PROPERTY_FAILS] = VERIFY_OUTCOME_FAILED,
        [VERIFY_PROPERTY_SKIPPED] = VERIFY_OUTCOME_SKIPPED,
    };
    announce(run, step, result);
    const double begun = tool_seconds();
    const struct verify_property_result property = verify_property_check(
        verify_property_at(step->index), step->text, step->layout,
        run->options->implementations[step->implementation], run->options->seed);
    result->outcome = outcomes[property.outcome];
    result->checks = property.checks;
    result->share = property.share;
    result->seconds = tool_seconds() - begun;
    snprintf(result->message, sizeof result->message, "%s", property.message);
}

static void run_property(const struct verify_run *run, const struct verify_step *step) {
    struct verify_case result =
        case_of_step(run, step, "property", "--properties", verify_property_at(step->index)->name);
    const bool plain = step->layout == NORMA_LAYOUT_NCS;
    snprintf(result.text, sizeof result.text, "property %s %s%s%s",
             verify_property_at(step->index)->name, step->text,
             plain ? "" : " layout=", plain ? "" : norma_layout_name(step->layout));
    if (!has_crashed(run, step, &result)) {
        check_property(run, step, &result);
    }
    deliver(run, &result);
}

/* ---- all steps ---------------------------------------------------------------------------- */

void verify_run_step(struct verify_run *run, size_t index) {
    const struct verify_step *step = &run->steps->list[index];
    switch (step->kind) {
    case VERIFY_CASE_FUNCTION:
        run_function(run, step);
        break;
    case VERIFY_CASE_PROBLEM:
        run_problem(run, step->index);
        break;
    case VERIFY_CASE_PROPERTY:
        run_property(run, step);
        break;
    }
}
