/* SPDX-License-Identifier: Apache-2.0 */
#include "digest.h"

#include <inttypes.h>

#include "check.h"
#include "crash.h"
#include "hash.h"
#include "plugin.h"
#include "results.h"
#include "run.h"
#include "user_profile.h"

/* ---- one problem -------------------------------------------------------------------------- */

/* How far one implementation has come. */
struct progress {
    void *state;
    norma_status status;
    uint64_t hash;
};

struct session {
    const struct norma_verify_options *options;
    const struct norma_problem *problem;
    char text[NORMA_PROBLEM_TEXT]; /* the problem's */
    int threads;
    struct norma_fences fences;
    struct progress progress[NORMA_MAX_IMPLEMENTATIONS];
};

static void announce(const struct session *session, size_t index) {
    char command[NORMA_CRASH_COMMAND];
    char profile[NORMA_PROFILE_WORDS];
    char plugin[NORMA_PLUGIN_WORDS];
    const char *implementation = session->options->implementations[index]->name;
    norma_user_profile_words(profile);
    norma_plugin_words(implementation, plugin);
    snprintf(command, sizeof command,
             "norma-verify%s --digest --impl %s --threads %d --seed %" PRIu64 "%s '%s'", plugin,
             implementation, session->threads, session->options->seed, profile, session->text);
    norma_crash_case(command);
}

static void begin(struct session *session, size_t index) {
    const struct norma_implementation *implementation = session->options->implementations[index];
    struct progress *progress = &session->progress[index];
    announce(session, index);
    *progress = (struct progress){.hash = norma_hash_start()};
    progress->status = implementation->create(implementation, &progress->state, session->problem,
                                              session->threads);
}

static void execute(struct session *session, size_t index, const struct norma_truth *truth,
                    enum norma_data data) {
    const struct norma_setup setup = {data, NORMA_PLACE_BACK};
    struct progress *progress = &session->progress[index];
    void *pointers[NORMA_TENSOR_COUNT];
    if (progress->status != NORMA_OK) {
        return;
    }
    announce(session, index);
    progress->status =
        truth ? norma_check_execute(session->options->implementations[index], progress->state,
                                    session->problem, truth, setup, &session->fences, pointers)
              : NORMA_NO_MEMORY;
    if (progress->status == NORMA_OK) {
        progress->hash = norma_results_hash(progress->hash, session->problem, pointers);
    }
}

/* Could it, and with the bits of the first? */
static bool finish(struct session *session, size_t index) {
    const struct norma_implementation *const *list = session->options->implementations;
    struct progress *progress = &session->progress[index];
    if (progress->state) {
        list[index]->destroy(progress->state);
    }
    if (progress->status != NORMA_OK) {
        fprintf(stderr, "norma-verify: %s: %s: %s\n", list[index]->name, session->text,
                norma_strerror(progress->status));
        return false;
    }
    if (progress->hash != session->progress[0].hash) {
        fprintf(stderr, "norma-verify: %s: %s has not the bits of %s\n", list[index]->name,
                session->text, list[0]->name);
        return false;
    }
    return true;
}

/* How many implementations differ from the first. */
static size_t digest_problem(struct session *session) {
    const struct norma_verify_options *options = session->options;
    size_t different = 0;
    for (size_t i = 0; i < options->implementation_count; i++) {
        begin(session, i);
    }
    for (int data = 0; data < NORMA_DATA_EXTREMES; data++) {
        struct norma_truth *truth =
            norma_truth_create_inputs(session->problem, (enum norma_data)data, options->seed);
        for (size_t i = 0; i < options->implementation_count; i++) {
            execute(session, i, truth, (enum norma_data)data);
        }
        norma_truth_destroy(truth);
    }
    for (size_t i = 0; i < options->implementation_count; i++) {
        different += !finish(session, i);
    }
    return different;
}

/* ---- all of them -------------------------------------------------------------------------- */

size_t norma_digest(const struct norma_verify_options *options, FILE *out) {
    struct session session = {.options = options};
    uint64_t all = norma_hash_start();
    size_t different = 0;
    for (size_t i = 0; i < options->problems.count; i++) {
        session.problem = &options->problems.list[i];
        session.threads = norma_verify_threads(options, i);
        norma_problem_print(session.problem, session.text, sizeof session.text);
        different += digest_problem(&session);
        fprintf(out, "%016" PRIx64 "  %s\n", session.progress[0].hash, session.text);
        all = norma_hash_word(all, session.progress[0].hash);
    }
    fprintf(out, "%016" PRIx64 "  all %zu problems, seed %" PRIu64 "\n", all,
            options->problems.count, options->seed);
    norma_fences_release(&session.fences);
    return different;
}
