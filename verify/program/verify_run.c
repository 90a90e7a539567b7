/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/program/verify_run.h"

#include <stdio.h>
#include <string.h>

#include "verify/harness/harness.h"
#include "verify/properties/properties.h"

static void deliver(const struct verify_run *run, const struct verify_case *what) {
    run->taker.take(run->taker.context, what);
}

/* ---- problems ----------------------------------------------------------------------------- */

/* 1, 2 and 3 in turn, where there is enough to share: on small problems the threads that oneDNN
 * would wake take far longer than the work. */
int verify_threads(const struct verify_options *options, size_t index) {
    const struct norma_problem *problem = &options->problems.list[index];
    if (options->threads > 0) {
        return options->threads;
    }
    if (!verify_check_wanted(VERIFY_CHECK_THREADS)) {
        return 1;
    }
    const bool large = reference_elements(problem) >= 1 << 13;
    return large ? 1 + (int)(index % 3) : 1;
}

static void describe_failure(const struct verify_session *session,
                             const struct verify_progress *progress, struct verify_case *what) {
    what->outcome = VERIFY_OUTCOME_FAILED;
    what->setup = progress->setup;
    snprintf(what->message, sizeof what->message, "%s",
             progress->failed ? progress->message : norma_strerror(progress->created));
    snprintf(what->vote, sizeof what->vote, "%s", progress->vote);
    verify_session_command(session, what->implementation, what->reproduce, sizeof what->reproduce);
}

static void describe_pass(const struct verify_progress *progress, struct verify_case *what) {
    what->outcome = VERIFY_OUTCOME_PASSED;
    what->checks = progress->checks;
    what->share = progress->share;
    what->median_share = progress->median_share;
    snprintf(what->kernel, sizeof what->kernel, "%s",
             progress->implementation->kernel(progress->state));
    if (!verify_implementation_is_norma(progress->implementation)) {
        snprintf(what->note, sizeof what->note, "skipped what only norma promises");
    }
}

static struct verify_case case_of(const struct verify_session *session,
                                  const struct verify_progress *progress) {
    struct verify_case what = {.kind = VERIFY_CASE_PROBLEM, .threads = session->threads};
    snprintf(what.implementation, sizeof what.implementation, "%s", progress->implementation->name);
    snprintf(what.subject, sizeof what.subject, "%s", norma_operator_name(session->problem->op));
    norma_problem_print(session->problem, what.text, sizeof what.text);
    if (!progress->failed && progress->created == NORMA_STATUS_OK) {
        describe_pass(progress, &what);
    } else if (!progress->failed && (progress->created == NORMA_STATUS_UNSUPPORTED ||
                                     progress->created == NORMA_STATUS_UNAVAILABLE_SET)) {
        what.outcome = VERIFY_OUTCOME_SKIPPED;
        snprintf(what.message, sizeof what.message, "%s", norma_strerror(progress->created));
    } else {
        describe_failure(session, progress, &what);
    }
    return what;
}

/* The plans are destroyed before anything is said of them: that may end the process, too. */
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
    run->fences = session.fences;
    for (size_t i = 0; i < session.count; i++) {
        deliver(run, &cases[i]);
    }
}

/* ---- functions and properties ------------------------------------------------------------- */

static struct verify_case case_of_step(const struct verify_run *run, const struct verify_step *step,
                                       const char *subject, const char *mode) {
    struct verify_case what = {.kind = step->kind, .threads = 1};
    snprintf(what.implementation, sizeof what.implementation, "%s",
             run->options->implementations[step->implementation]->name);
    snprintf(what.subject, sizeof what.subject, "%s", subject);
    verify_print_command(mode, what.implementation, 0, run->options->seed, NULL, what.reproduce,
                         sizeof what.reproduce);
    return what;
}

/* True: it ended another process at this step. */
static bool is_lost(const struct verify_run *run, const struct verify_step *step,
                    struct verify_case *what) {
    if (!run->guard || !run->guard->crashes[step->implementation].crashed) {
        return false;
    }
    what->outcome = VERIFY_OUTCOME_FAILED;
    snprintf(what->message, sizeof what->message, "%s",
             run->guard->crashes[step->implementation].message);
    return true;
}

static void announce(const struct verify_run *run, const struct verify_step *step,
                     const struct verify_case *what) {
    const struct verify_setup setup = {VERIFY_DATA_NORMAL, VERIFY_PLACE_BACK};
    verify_guard_running(run->guard, (int)step->implementation, setup);
    tool_crash_case(what->reproduce);
}

static void check_function(const struct verify_run *run, const struct verify_step *step,
                           struct verify_case *what) {
    if (!verify_implementation_available(run->options->implementations[step->implementation])) {
        what->outcome = VERIFY_OUTCOME_SKIPPED;
        snprintf(what->message, sizeof what->message, "%s",
                 norma_strerror(NORMA_STATUS_UNAVAILABLE_SET));
        return;
    }
    announce(run, step, what);
    const struct verify_vocabulary_verdict verdict = verify_vocabulary_check(
        verify_vocabulary_of(what->implementation), step->index, run->options->seed);
    what->outcome = verdict.passed ? VERIFY_OUTCOME_PASSED : VERIFY_OUTCOME_FAILED;
    what->checks = verdict.checks;
    memcpy(what->message, verdict.message, sizeof what->message);
}

static void run_function(const struct verify_run *run, const struct verify_step *step) {
    struct verify_case what = case_of_step(run, step, "vocabulary", "--vocabulary");
    snprintf(what.text, sizeof what.text, "vocabulary: %s",
             verify_vocabulary_function(step->index));
    if (!is_lost(run, step, &what)) {
        check_function(run, step, &what);
    }
    deliver(run, &what);
}

static void check_property(const struct verify_run *run, const struct verify_step *step,
                           struct verify_case *what) {
    static const enum verify_outcome outcomes[] = {
        [VERIFY_PROPERTY_HOLDS] = VERIFY_OUTCOME_PASSED,
        [VERIFY_PROPERTY_FAILS] = VERIFY_OUTCOME_FAILED,
        [VERIFY_PROPERTY_SKIPPED] = VERIFY_OUTCOME_SKIPPED,
    };
    announce(run, step, what);
    const struct verify_property_result result = verify_property_check(
        verify_property(step->index), step->text, step->layout,
        run->options->implementations[step->implementation], run->options->seed);
    what->outcome = outcomes[result.outcome];
    what->checks = result.checks;
    what->share = result.share;
    snprintf(what->message, sizeof what->message, "%s", result.message);
}

static void run_property(const struct verify_run *run, const struct verify_step *step) {
    struct verify_case what = case_of_step(run, step, "property", "--properties");
    const bool plain = step->layout == NORMA_LAYOUT_NCS;
    snprintf(what.text, sizeof what.text, "property %s %s%s%s", verify_property(step->index)->name,
             step->text, plain ? "" : " layout=", plain ? "" : norma_layout_name(step->layout));
    if (!is_lost(run, step, &what)) {
        check_property(run, step, &what);
    }
    deliver(run, &what);
}

/* ---- all of it ---------------------------------------------------------------------------- */

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
