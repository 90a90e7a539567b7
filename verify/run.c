/* SPDX-License-Identifier: Apache-2.0 */
#include "run.h"

#include "crash.h"
#include "properties.h"
#include "session.h"
#include "vocabulary.h"

static void report_problem(const struct norma_session *session, struct norma_report *report) {
    for (size_t i = 0; i < session->count; i++) {
        const struct norma_progress *progress = &session->progress[i];
        const char *name = progress->implementation->name;
        if (progress->failed) {
            norma_report_failure(report, name, session->problem, progress->setup, session->threads,
                                 progress->message, *progress->vote ? progress->vote : NULL);
        } else if (progress->created == NORMA_OK) {
            norma_report_pass(report, name, session->problem,
                              progress->implementation->kernel(progress->state), progress->checks,
                              progress->share,
                              norma_implementation_is_norma(progress->implementation)
                                  ? NULL
                                  : "skipped what only norma promises");
        } else if (progress->created == NORMA_UNSUPPORTED ||
                   progress->created == NORMA_UNAVAILABLE_SET) {
            norma_report_skip(report, name, session->problem, norma_strerror(progress->created));
        } else {
            norma_report_failure(report, name, session->problem, progress->setup, session->threads,
                                 norma_strerror(progress->created), NULL);
        }
    }
}

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
    const bool large = problem->n * problem->c * norma_problem_spatial(problem) >= 1 << 13;
    return large ? 1 + (int)(index % 3) : 1;
}

static void run_problems(const struct norma_verify_options *options, struct norma_report *report) {
    struct norma_session session = {
        .implementations = options->implementations,
        .count = options->implementation_count,
        .seed = options->seed,
        .thorough = options->level == NORMA_LEVEL_FULL || !options->built_in,
        .single = !options->built_in,
        .vote = true,
    };
    for (size_t i = 0; i < options->problems.count; i++) {
        session.problem = &options->problems.list[i];
        session.threads = norma_verify_threads(options, i);
        session.turn = i;
        norma_session_check(&session);
        report_problem(&session, report);
        norma_session_end(&session);
    }
    norma_fences_release(&session.fences);
}

/* ---- properties --------------------------------------------------------------------------- */

/* One implementation after the other, so that a crash can be told whose it is. */
static void run_properties(const struct norma_verify_options *options,
                           struct norma_report *report) {
    for (size_t i = 0; i < options->implementation_count; i++) {
        char command[200];
        snprintf(command, sizeof command, "norma-verify --properties --impl %s --seed %llu",
                 options->implementations[i]->name, (unsigned long long)options->seed);
        norma_crash_case(command);
        norma_properties_run(&options->implementations[i], 1, options->seed, report);
    }
}

/* ---- vocabulary --------------------------------------------------------------------------- */

static void run_function(const struct norma_verify_options *options,
                         const struct norma_implementation *implementation,
                         const struct norma_vocabulary *vocabulary, size_t index,
                         struct norma_report *report) {
    const char *function = norma_vocabulary_function(index);
    char command[200];
    if (!norma_implementation_available(implementation)) {
        norma_report_skip_function(report, implementation->name, function,
                                   norma_strerror(NORMA_UNAVAILABLE_SET));
        return;
    }
    snprintf(command, sizeof command, "norma-verify --vocabulary --impl %s --seed %llu # %s",
             implementation->name, (unsigned long long)options->seed, function);
    norma_crash_case(command);
    const struct norma_vocabulary_verdict verdict =
        norma_vocabulary_check(vocabulary, index, options->seed);
    if (verdict.passed) {
        norma_report_pass_function(report, implementation->name, function, verdict.checks);
    } else {
        norma_report_failure_function(report, implementation->name, function, verdict.message);
    }
}

static void run_vocabularies(const struct norma_verify_options *options,
                             struct norma_report *report) {
    for (size_t i = 0; i < options->implementation_count; i++) {
        const struct norma_implementation *implementation = options->implementations[i];
        const struct norma_vocabulary *vocabulary = norma_vocabulary_of(implementation->name);
        for (size_t k = 0; vocabulary && norma_vocabulary_function(k); k++) {
            run_function(options, implementation, vocabulary, k, report);
        }
    }
}

static size_t vocabulary_cases(const struct norma_verify_options *options) {
    size_t count = 0;
    for (size_t i = 0; i < options->implementation_count; i++) {
        if (norma_vocabulary_of(options->implementations[i]->name)) {
            count += norma_vocabulary_functions();
        }
    }
    return count;
}

/* ---- all of it ---------------------------------------------------------------------------- */

size_t norma_verify_cases(const struct norma_verify_options *options) {
    const bool vocabulary = options->vocabulary && norma_check_wanted(NORMA_CHECK_VOCABULARY);
    const size_t functions = vocabulary ? vocabulary_cases(options) : 0;
    const size_t properties =
        options->properties ? norma_properties_count(options->implementation_count) : 0;
    return functions + options->problems.count * options->implementation_count + properties;
}

void norma_verify_run(const struct norma_verify_options *options, struct norma_report *report) {
    if (options->vocabulary && norma_check_wanted(NORMA_CHECK_VOCABULARY)) {
        run_vocabularies(options, report);
    }
    run_problems(options, report);
    if (options->properties) {
        run_properties(options, report);
    }
}
