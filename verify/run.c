/* SPDX-License-Identifier: Apache-2.0 */
#include "run.h"

#include <string.h>

#include "crash.h"
#include "properties.h"
#include "vocabulary.h"

/* How far one implementation has come on one problem. */
struct progress {
    const struct norma_implementation *implementation;
    void *state;
    norma_status created;
    bool failed;
    int checks;
    double share;
    struct norma_setup setup; /* of the failure */
    char message[256];
    char vote[160];
};

struct session {
    const struct norma_verify_options *options;
    struct norma_report *report;
    const struct norma_problem *problem;
    int threads;
    struct norma_fences fences;
    struct progress progress[NORMA_MAX_IMPLEMENTATIONS];
};

/* Standard: every placement on normal data, one placement for each other kind of data. */
static bool wanted(const struct session *session, struct norma_setup setup) {
    if (session->options->level == NORMA_LEVEL_FULL || !session->options->built_in ||
        setup.data == NORMA_DATA_NORMAL) {
        return true;
    }
    return setup.placement ==
           (setup.data == NORMA_DATA_CONSTANT ? NORMA_PLACE_FRONT : NORMA_PLACE_BACK);
}

static void announce(const struct session *session,
                     const struct norma_implementation *implementation) {
    char text[NORMA_PROBLEM_TEXT];
    char command[NORMA_PROBLEM_TEXT + 200];
    norma_problem_print(session->problem, text, sizeof text);
    snprintf(command, sizeof command, "norma-verify --impl %s --threads %d --seed %llu '%s'",
             implementation->name, session->threads, (unsigned long long)session->options->seed,
             text);
    norma_crash_case(command);
}

/* ---- the vote ----------------------------------------------------------------------------- */

/* The third opinion: oneDNN about a kernel of ours, our fastest about oneDNN. */
static const struct norma_implementation *
voter_for(const struct norma_implementation *implementation) {
    if (strncmp(implementation->name, "onednn", strlen("onednn")) != 0) {
        return norma_implementation_find("onednn");
    }
    for (size_t i = 0; norma_implementation(i); i++) {
        if (norma_implementation_available(norma_implementation(i))) {
            return norma_implementation(i);
        }
    }
    return NULL;
}

/* A kernel that disagrees with the reference is wrong if a third party agrees with the reference;
 * if it does not, the reference is suspect. */
static void vote(struct session *session, struct progress *progress,
                 const struct norma_truth *truth) {
    const struct norma_implementation *voter = voter_for(progress->implementation);
    void *state = NULL;
    if (!voter || voter->create(voter, &state, session->problem, session->threads) != NORMA_OK) {
        snprintf(progress->vote, sizeof progress->vote, "no third implementation can do this");
        return;
    }
    announce(session, voter);
    const struct norma_verdict verdict =
        norma_check(voter, state, session->problem, truth, progress->setup, &session->fences);
    voter->destroy(state);
    if (verdict.passed) {
        snprintf(progress->vote, sizeof progress->vote,
                 "%s agrees with the reference (%.3g of its bound): %s is wrong", voter->name,
                 verdict.share, progress->implementation->name);
    } else {
        snprintf(progress->vote, sizeof progress->vote,
                 "%s disagrees with the reference, too: suspect the reference", voter->name);
    }
}

/* ---- checking ----------------------------------------------------------------------------- */

static void check(struct session *session, struct progress *progress,
                  const struct norma_truth *truth, struct norma_setup setup) {
    announce(session, progress->implementation);
    const struct norma_verdict verdict =
        norma_check(progress->implementation, progress->state, session->problem, truth, setup,
                    &session->fences);
    progress->checks++;
    if (verdict.share > progress->share) {
        progress->share = verdict.share;
    }
    if (!verdict.passed) {
        progress->failed = true;
        progress->setup = setup;
        memcpy(progress->message, verdict.message, sizeof progress->message);
        vote(session, progress, truth);
    }
}

static void check_data(struct session *session, enum norma_data data) {
    struct norma_truth *truth = norma_truth_create(session->problem, data, session->options->seed);
    for (size_t i = 0; i < session->options->implementation_count; i++) {
        struct progress *progress = &session->progress[i];
        if (!truth && progress->created == NORMA_OK) {
            progress->created = NORMA_NO_MEMORY;
        }
        for (int place = 0; place < NORMA_PLACE_COUNT; place++) {
            const struct norma_setup setup = {data, (enum norma_placement)place};
            if (progress->created == NORMA_OK && !progress->failed && wanted(session, setup)) {
                check(session, progress, truth, setup);
            }
        }
    }
    norma_truth_destroy(truth);
}

static void begin(struct session *session) {
    for (size_t i = 0; i < session->options->implementation_count; i++) {
        const struct norma_implementation *implementation = session->options->implementations[i];
        struct progress *progress = &session->progress[i];
        *progress = (struct progress){.implementation = implementation};
        announce(session, implementation);
        progress->created = norma_implementation_available(implementation)
                                ? implementation->create(implementation, &progress->state,
                                                         session->problem, session->threads)
                                : NORMA_UNAVAILABLE_SET;
    }
}

static void finish(struct session *session) {
    for (size_t i = 0; i < session->options->implementation_count; i++) {
        struct progress *progress = &session->progress[i];
        const char *name = progress->implementation->name;
        if (progress->failed) {
            norma_report_failure(session->report, name, session->problem, progress->setup,
                                 session->threads, progress->message, progress->vote);
        } else if (progress->created == NORMA_OK) {
            norma_report_pass(session->report, name, session->problem,
                              progress->implementation->kernel(progress->state), progress->checks,
                              progress->share);
        } else if (progress->created == NORMA_UNSUPPORTED ||
                   progress->created == NORMA_UNAVAILABLE_SET) {
            norma_report_skip(session->report, name, session->problem,
                              norma_strerror(progress->created));
        } else {
            norma_report_failure(session->report, name, session->problem, progress->setup,
                                 session->threads, norma_strerror(progress->created), NULL);
        }
        if (progress->state) {
            progress->implementation->destroy(progress->state);
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
    const bool large = problem->n * problem->c * norma_problem_spatial(problem) >= 1 << 13;
    return large ? 1 + (int)(index % 3) : 1;
}

static void run_problems(const struct norma_verify_options *options, struct norma_report *report) {
    struct session session = {.options = options, .report = report};
    for (size_t i = 0; i < options->problems.count; i++) {
        session.problem = &options->problems.list[i];
        session.threads = norma_verify_threads(options, i);
        begin(&session);
        for (int data = 0; data < NORMA_DATA_COUNT; data++) {
            check_data(&session, (enum norma_data)data);
        }
        finish(&session);
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
    const size_t functions = options->vocabulary ? vocabulary_cases(options) : 0;
    const size_t properties =
        options->properties ? norma_properties_count(options->implementation_count) : 0;
    return functions + options->problems.count * options->implementation_count + properties;
}

void norma_verify_run(const struct norma_verify_options *options, struct norma_report *report) {
    if (options->vocabulary) {
        run_vocabularies(options, report);
    }
    run_problems(options, report);
    if (options->properties) {
        run_properties(options, report);
    }
}
