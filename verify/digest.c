/* SPDX-License-Identifier: Apache-2.0 */
#include "digest.h"

#include <inttypes.h>

#include "check.h"
#include "crash.h"
#include "hash.h"
#include "run.h"

/* ---- one problem -------------------------------------------------------------------------- */

static uint64_t hash_outputs(uint64_t hash, const struct norma_problem *problem,
                             void *const pointers[NORMA_TENSOR_COUNT]) {
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    norma_tensors_of(problem, tensors);
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        if (norma_is_output(&tensors[id]) && pointers[id]) {
            hash = norma_hash_floats(hash, pointers[id], tensors[id].count);
        }
    }
    return hash;
}

/* What is being hashed, and where. */
struct session {
    const struct norma_verify_options *options;
    struct norma_fences fences;
    int threads;
};

static norma_status hash_state(struct session *session,
                               const struct norma_implementation *implementation, void *state,
                               const struct norma_problem *problem, uint64_t *hash) {
    norma_status status = NORMA_OK;
    for (int data = 0; status == NORMA_OK && data < NORMA_DATA_COUNT; data++) {
        const struct norma_setup setup = {(enum norma_data)data, NORMA_PLACE_BACK};
        void *pointers[NORMA_TENSOR_COUNT];
        struct norma_truth *truth = norma_truth_create(problem, setup.data, session->options->seed);
        status = truth ? norma_check_execute(implementation, state, problem, truth, setup,
                                             &session->fences, pointers)
                       : NORMA_NO_MEMORY;
        if (status == NORMA_OK) {
            *hash = hash_outputs(*hash, problem, pointers);
        }
        norma_truth_destroy(truth);
    }
    return status;
}

static norma_status hash_problem(struct session *session,
                                 const struct norma_implementation *implementation,
                                 const struct norma_problem *problem, uint64_t *hash) {
    void *state = NULL;
    *hash = norma_hash_start();
    norma_status status = implementation->create(implementation, &state, problem, session->threads);
    if (status == NORMA_OK) {
        status = hash_state(session, implementation, state, problem, hash);
        implementation->destroy(state);
    }
    return status;
}

static void announce(const struct session *session,
                     const struct norma_implementation *implementation, const char *text) {
    char command[NORMA_PROBLEM_TEXT + 200];
    snprintf(command, sizeof command,
             "norma-verify --digest --impl %s --threads %d --seed %" PRIu64 " '%s'",
             implementation->name, session->threads, session->options->seed, text);
    norma_crash_case(command);
}

/* Is implementation number `index` like the first, whose hash is in *first? */
static bool compare(struct session *session, size_t index, const struct norma_problem *problem,
                    uint64_t *first) {
    const struct norma_implementation *const *list = session->options->implementations;
    char text[NORMA_PROBLEM_TEXT];
    uint64_t hash;
    norma_problem_print(problem, text, sizeof text);
    announce(session, list[index], text);
    const norma_status status = hash_problem(session, list[index], problem, &hash);
    if (status != NORMA_OK) {
        fprintf(stderr, "norma-verify: %s: %s: %s\n", list[index]->name, text,
                norma_strerror(status));
        return false;
    }
    if (index == 0) {
        *first = hash;
    } else if (hash != *first) {
        fprintf(stderr, "norma-verify: %s: %s has not the bits of %s\n", list[index]->name, text,
                list[0]->name);
        return false;
    }
    return true;
}

/* ---- all of them -------------------------------------------------------------------------- */

size_t norma_digest(const struct norma_verify_options *options, FILE *out) {
    struct session session = {.options = options};
    uint64_t all = norma_hash_start();
    size_t different = 0;
    for (size_t i = 0; i < options->problems.count; i++) {
        const struct norma_problem *problem = &options->problems.list[i];
        char text[NORMA_PROBLEM_TEXT];
        uint64_t hash = 0;
        session.threads = norma_verify_threads(options, i);
        for (size_t k = 0; k < options->implementation_count; k++) {
            different += !compare(&session, k, problem, &hash);
        }
        norma_problem_print(problem, text, sizeof text);
        fprintf(out, "%016" PRIx64 "  %s\n", hash, text);
        all = norma_hash_word(all, hash);
    }
    fprintf(out, "%016" PRIx64 "  all %zu problems, seed %" PRIu64 "\n", all,
            options->problems.count, options->seed);
    norma_fences_release(&session.fences);
    return different;
}
