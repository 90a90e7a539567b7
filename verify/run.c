/* SPDX-License-Identifier: Apache-2.0 */
#include "run.h"

#include <stdio.h>
#include <string.h>

#include "plugin.h"
#include "properties.h"
#include "user_profile.h"

static void deliver(const struct norma_run *run, const struct norma_case *what) {
    run->taker.take(run->taker.context, what);
}

/* ---- problems ----------------------------------------------------------------------------- */

/* 1, 2 and 3 in turn, where there is enough to share: on small problems the threads that oneDNN
 * would wake take far longer than the work. */
int norma_verify_threads(const struct norma_verify_options *options, size_t index) {
    const struct norma_problem *problem = &options->problems.list[index];
    if (options->threads > 0) {
        return options->threads;
    }
    if (!norma_check_wanted(NORMA_CHECK_THREADS)) {
        return 1;
    }
    const bool large = norma_elements(problem) >= 1 << 13;
    return large ? 1 + (int)(index % 3) : 1;
}

static void describe_failure(const struct norma_session *session,
                             const struct norma_progress *progress, struct norma_case *what) {
    what->outcome = NORMA_OUTCOME_FAILED;
    what->setup = progress->setup;
    snprintf(what->message, sizeof what->message, "%s",
             progress->failed ? progress->message : norma_strerror(progress->created));
    snprintf(what->vote, sizeof what->vote, "%s", progress->vote);
    norma_session_command(session, what->implementation, what->reproduce, sizeof what->reproduce);
}

static void describe_pass(const struct norma_progress *progress, struct norma_case *what) {
    what->outcome = NORMA_OUTCOME_PASSED;
    what->checks = progress->checks;
    what->share = progress->share;
    what->median_share = progress->median_share;
    snprintf(what->kernel, sizeof what->kernel, "%s",
             progress->implementation->kernel(progress->state));
    if (!norma_implementation_is_norma(progress->implementation)) {
        snprintf(what->note, sizeof what->note, "skipped what only norma promises");
    }
}

static struct norma_case case_of(const struct norma_session *session,
                                 const struct norma_progress *progress) {
    struct norma_case what = {.kind = NORMA_CASE_PROBLEM, .threads = session->threads};
    snprintf(what.implementation, sizeof what.implementation, "%s", progress->implementation->name);
    snprintf(what.subject, sizeof what.subject, "%s", norma_operator_name(session->problem->op));
    norma_problem_print(session->problem, what.text, sizeof what.text);
    if (!progress->failed && progress->created == NORMA_OK) {
        describe_pass(progress, &what);
    } else if (!progress->failed && (progress->created == NORMA_UNSUPPORTED ||
                                     progress->created == NORMA_UNAVAILABLE_SET)) {
        what.outcome = NORMA_OUTCOME_SKIPPED;
        snprintf(what.message, sizeof what.message, "%s", norma_strerror(progress->created));
    } else {
        describe_failure(session, progress, &what);
    }
    return what;
}

/* The plans are destroyed before anything is said of them: that may end the process, too. */
static void run_problem(struct norma_run *run, size_t index) {
    const struct norma_verify_options *options = run->options;
    static struct norma_session session;
    static struct norma_case cases[NORMA_MAX_IMPLEMENTATIONS];
    session = (struct norma_session){
        .implementations = options->implementations,
        .count = options->implementation_count,
        .problem = &options->problems.list[index],
        .threads = norma_verify_threads(options, index),
        .seed = options->seed,
        .thorough = options->level == NORMA_LEVEL_FULL || !options->built_in,
        .single = !options->built_in,
        .turn = index,
        .vote = true,
        .guard = run->guard,
        .fences = run->fences,
    };
    norma_session_check(&session);
    for (size_t i = 0; i < session.count; i++) {
        cases[i] = case_of(&session, &session.progress[i]);
    }
    norma_session_end(&session);
    run->fences = session.fences;
    for (size_t i = 0; i < session.count; i++) {
        deliver(run, &cases[i]);
    }
}

/* ---- functions and properties ------------------------------------------------------------- */

static struct norma_case case_of_step(const struct norma_run *run, const struct norma_step *step,
                                      const char *subject, const char *mode) {
    struct norma_case what = {.kind = step->kind, .threads = 1};
    char profile[NORMA_PROFILE_WORDS];
    char plugin[NORMA_PLUGIN_WORDS];
    norma_user_profile_words(profile);
    snprintf(what.implementation, sizeof what.implementation, "%s",
             run->options->implementations[step->implementation]->name);
    norma_plugin_words(what.implementation, plugin);
    snprintf(what.subject, sizeof what.subject, "%s", subject);
    snprintf(what.reproduce, sizeof what.reproduce, "norma-verify%s %s --impl %s --seed %llu%s",
             plugin, mode, what.implementation, (unsigned long long)run->options->seed, profile);
    return what;
}

/* True: it ended another process at this step. */
static bool is_lost(const struct norma_run *run, const struct norma_step *step,
                    struct norma_case *what) {
    if (!run->guard || !run->guard->losses[step->implementation].lost) {
        return false;
    }
    what->outcome = NORMA_OUTCOME_FAILED;
    snprintf(what->message, sizeof what->message, "%s",
             run->guard->losses[step->implementation].message);
    return true;
}

static void announce(const struct norma_run *run, const struct norma_step *step,
                     const struct norma_case *what) {
    const struct norma_setup setup = {NORMA_DATA_NORMAL, NORMA_PLACE_BACK};
    norma_guard_running(run->guard, (int)step->implementation, setup);
    norma_crash_case(what->reproduce);
}

static void check_function(const struct norma_run *run, const struct norma_step *step,
                           struct norma_case *what) {
    if (!norma_implementation_available(run->options->implementations[step->implementation])) {
        what->outcome = NORMA_OUTCOME_SKIPPED;
        snprintf(what->message, sizeof what->message, "%s", norma_strerror(NORMA_UNAVAILABLE_SET));
        return;
    }
    announce(run, step, what);
    const struct norma_vocabulary_verdict verdict = norma_vocabulary_check(
        norma_vocabulary_of(what->implementation), step->index, run->options->seed);
    what->outcome = verdict.passed ? NORMA_OUTCOME_PASSED : NORMA_OUTCOME_FAILED;
    what->checks = verdict.checks;
    memcpy(what->message, verdict.message, sizeof what->message);
}

static void run_function(const struct norma_run *run, const struct norma_step *step) {
    struct norma_case what = case_of_step(run, step, "vocabulary", "--vocabulary");
    snprintf(what.text, sizeof what.text, "vocabulary: %s", norma_vocabulary_function(step->index));
    if (!is_lost(run, step, &what)) {
        check_function(run, step, &what);
    }
    deliver(run, &what);
}

static void check_property(const struct norma_run *run, const struct norma_step *step,
                           struct norma_case *what) {
    static const enum norma_outcome outcomes[] = {
        [NORMA_PROPERTY_HOLDS] = NORMA_OUTCOME_PASSED,
        [NORMA_PROPERTY_FAILS] = NORMA_OUTCOME_FAILED,
        [NORMA_PROPERTY_SKIPPED] = NORMA_OUTCOME_SKIPPED,
    };
    announce(run, step, what);
    const struct norma_property_result result = norma_property_check(
        norma_property(step->index), step->text, step->layout,
        run->options->implementations[step->implementation], run->options->seed);
    what->outcome = outcomes[result.outcome];
    what->checks = result.checks;
    what->share = result.share;
    snprintf(what->message, sizeof what->message, "%s", result.message);
}

static void run_property(const struct norma_run *run, const struct norma_step *step) {
    struct norma_case what = case_of_step(run, step, "property", "--properties");
    const bool plain = step->layout == NORMA_NCS;
    snprintf(what.text, sizeof what.text, "property %s %s%s%s", norma_property(step->index)->name,
             step->text, plain ? "" : " layout=", plain ? "" : norma_layout_name(step->layout));
    if (!is_lost(run, step, &what)) {
        check_property(run, step, &what);
    }
    deliver(run, &what);
}

/* ---- all of it ---------------------------------------------------------------------------- */

void norma_run_step(struct norma_run *run, size_t index) {
    const struct norma_step *step = &run->steps->list[index];
    switch (step->kind) {
    case NORMA_CASE_FUNCTION:
        run_function(run, step);
        break;
    case NORMA_CASE_PROBLEM:
        run_problem(run, step->index);
        break;
    case NORMA_CASE_PROPERTY:
        run_property(run, step);
        break;
    }
}
