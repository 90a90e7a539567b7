/* Verifies implementations on what they are timed on.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verification.h"
#include "buffers.h"
#include "clock.h"
#include "command.h"
#include "crash.h"
#include "interrupt.h"
#include "message.h"
#include "observer.h"

#include <string.h>

/* A kernel may choose its way by size (non-temporal stores), so the size is kept as far as a sweep
 * can afford: where it is cut it is still four times what norma's kernels call large. */
static const int64_t largest_verified = 128 << 20;

struct norma_problem norma_verified_problem(const struct norma_problem *problem) {
    struct norma_problem verified = *problem;
    int64_t sample = problem->c * norma_problem_spatial(problem) * (int64_t)sizeof(float);
    int64_t samples = largest_verified / sample;
    if (samples < 1) {
        samples = 1;
    }
    if (verified.n > samples) {
        verified.n = samples;
    }
    return verified;
}

int64_t norma_verification_bytes(const struct norma_problem *problem) {
    struct norma_problem verified = norma_verified_problem(problem);
    return norma_elements(&verified) *
           (norma_is_backward(problem) ? NORMA_TRUTH_BYTES_BACKWARD : NORMA_TRUTH_BYTES);
}

void norma_verification_open(struct norma_verification *verification,
                             const struct norma_problem *problem, uint64_t seed) {
    *verification = (struct norma_verification){
        .problem = norma_verified_problem(problem),
        .seed = seed,
    };
    verification->reduced = verification->problem.n != problem->n;
    norma_problem_print(&verification->problem, verification->text, sizeof verification->text);
    verification->truth = norma_truth_create(&verification->problem, NORMA_DATA_NORMAL, seed);
}

void norma_verification_close(struct norma_verification *verification) {
    norma_truth_destroy(verification->truth);
    verification->truth = NULL;
}

/* What a status means for the record; false unless it is NORMA_OK. */
static bool note_status(struct norma_entry *entry, norma_status status) {
    switch (status) {
    case NORMA_OK:
        return true;
    case NORMA_UNSUPPORTED:
    case NORMA_UNAVAILABLE_SET:
        entry->outcome = NORMA_NOT_SUPPORTED;
        break;
    case NORMA_NO_MEMORY:
        entry->outcome = NORMA_SKIPPED;
        break;
    default:
        entry->outcome = NORMA_FAILED;
    }
    snprintf(entry->reason, sizeof entry->reason, "%s", norma_strerror(status));
    return false;
}

static bool create(struct norma_entry *entry, const struct norma_problem *problem, int threads) {
    const struct norma_implementation *implementation = entry->contender.implementation;
    return note_status(
        entry, implementation->create(implementation, &entry->contender.state, problem, threads));
}

static void destroy(struct norma_entry *entry) {
    entry->contender.implementation->destroy(entry->contender.state);
    entry->contender.state = NULL;
    entry->contender.expected = 0;
}

static bool import(struct norma_entry *entry, const struct norma_args *args) {
    const struct norma_implementation *implementation = entry->contender.implementation;
    return !implementation->import ||
           note_status(entry, implementation->import(entry->contender.state, args));
}

static bool execute(struct norma_entry *entry, const struct norma_args *args) {
    const struct norma_implementation *implementation = entry->contender.implementation;
    void *state = entry->contender.state;
    if (!import(entry, args)) {
        return false;
    }
    double start = norma_now();
    norma_status status = implementation->execute(state, args);
    entry->contender.expected = norma_now() - start;
    return note_status(entry, status) &&
           (!implementation->export || note_status(entry, implementation->export(state, args)));
}

/* Inputs are compared after each execution, so only what is also written needs to be restored. */
static void restore(const struct norma_verification *verification, bool all,
                    void *const pointers[NORMA_TENSOR_COUNT]) {
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    void *wanted[NORMA_TENSOR_COUNT];
    norma_tensors_of(&verification->problem, tensors);
    for (int i = 0; i < NORMA_TENSOR_COUNT; i++) {
        wanted[i] = all || tensors[i].role == NORMA_ROLE_INOUT ? pointers[i] : NULL;
    }
    norma_truth_inputs(verification->truth, wanted);
}

static void compare(const struct norma_verification *verification, struct norma_entry *entry,
                    int threads, void *const pointers[NORMA_TENSOR_COUNT]) {
    const struct norma_implementation *implementation = entry->contender.implementation;
    struct norma_verdict verdict =
        norma_truth_compare(verification->truth, implementation->accumulation, pointers);
    entry->share_of_bound = verdict.share;
    if (!verdict.passed) {
        entry->outcome = NORMA_FAILED;
        snprintf(entry->reason, sizeof entry->reason, "%s", verdict.message);
        char command[NORMA_CRASH_COMMAND];
        norma_verify_command(implementation->name, threads, verification->seed, verification->text,
                             command, sizeof command);
        norma_say("%s is wrong: %s; reproduce: %s", implementation->name, verdict.message, command);
    }
}

/* Ends with a state for the problem to be timed, unless the entry cannot be. */
static void verify(const struct norma_verification *verification,
                   const struct norma_problem *problem, int threads, struct norma_entry *entry,
                   void *const pointers[NORMA_TENSOR_COUNT]) {
    if (!create(entry, &verification->problem, threads)) {
        return;
    }
    struct norma_args args = norma_tensors_bind(pointers);
    norma_buffers_poison(&verification->problem, pointers, threads);
    if (execute(entry, &args)) {
        snprintf(entry->kernel, sizeof entry->kernel, "%s",
                 entry->contender.implementation->kernel(entry->contender.state));
        compare(verification, entry, threads, pointers);
    }
    if (verification->reduced) {
        entry->verified = verification->text;
    }
    if (entry->outcome != NORMA_TIMED || verification->reduced) {
        destroy(entry);
    }
    if (entry->outcome == NORMA_TIMED && verification->reduced) {
        create(entry, problem, threads);
    }
}

/* Timing goes on with the inputs that all of them verified, in the implementations' own layouts
 * where they have one. */
static void prepare(const struct norma_verification *verification,
                    const struct norma_problem *problem, struct norma_entry *entries, size_t count,
                    bool damaged, void *const pointers[NORMA_TENSOR_COUNT]) {
    restore(verification, damaged, pointers);
    norma_buffers_repeat(&verification->problem, problem, pointers);
    struct norma_args args = norma_tensors_bind(pointers);
    for (size_t i = 0; i < count; i++) {
        if (!entries[i].is_ceiling && entries[i].outcome == NORMA_TIMED) {
            norma_observed_turn(entries[i].contender.implementation);
            if (!import(&entries[i], &args)) {
                destroy(&entries[i]);
            }
        }
    }
}

bool norma_verify_entries(const struct norma_verification *verification,
                          const struct norma_problem *problem, int threads,
                          struct norma_entry *entries, size_t count,
                          void *const pointers[NORMA_TENSOR_COUNT]) {
    bool damaged = true;
    for (size_t i = 0; i < count; i++) {
        if (norma_interrupted()) {
            return false;
        }
        if (!entries[i].is_ceiling && entries[i].outcome == NORMA_TIMED) {
            norma_observed_turn(entries[i].contender.implementation);
            restore(verification, damaged, pointers);
            verify(verification, problem, threads, &entries[i], pointers);
            damaged = entries[i].outcome == NORMA_FAILED;
        }
    }
    prepare(verification, problem, entries, count, damaged, pointers);
    norma_observed_turn(NULL);
    return true;
}
