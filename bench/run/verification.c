/* Verifies implementations on what they are timed on.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/run/verification.h"
#include "bench/measure/measure.h"
#include "verify/harness/harness.h"
#include "verify/harness/tool/tool.h"

#include <string.h>

/* A kernel may choose its method by size (non-temporal stores), so the size is kept as far as a
 * sweep can afford. The limit is still four times the size that norma's kernels call large. */
static const int64_t largest_verified = 128 << 20;

struct norma_problem bench_verified_problem(const struct norma_problem *problem) {
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

uint64_t bench_memory_needed(const struct norma_problem *problem) {
    struct norma_problem verified = bench_verified_problem(problem);
    const int64_t each =
        reference_is_backward(problem) ? VERIFY_TRUTH_BYTES_BACKWARD : VERIFY_TRUTH_BYTES;
    return (uint64_t)(bench_footprint(problem) + reference_elements(&verified) * each);
}

void bench_verification_open(struct bench_verification *verification,
                             const struct norma_problem *problem, uint64_t seed) {
    *verification = (struct bench_verification){
        .problem = bench_verified_problem(problem),
        .seed = seed,
    };
    verification->reduced = verification->problem.n != problem->n;
    norma_problem_print(&verification->problem, verification->text, sizeof verification->text);
    verification->truth = verify_truth_create(&verification->problem, VERIFY_DATA_NORMAL, seed);
}

void bench_verification_close(struct bench_verification *verification) {
    verify_truth_destroy(verification->truth);
    verification->truth = NULL;
}

/* Notes in the entry what a status means for its record. Returns whether it is NORMA_STATUS_OK. */
static bool note_status(struct bench_entry *entry, norma_status status) {
    switch (status) {
    case NORMA_STATUS_OK:
        return true;
    case NORMA_STATUS_UNSUPPORTED:
    case NORMA_STATUS_UNAVAILABLE_SET:
        entry->outcome = BENCH_NOT_SUPPORTED;
        break;
    case NORMA_STATUS_NO_MEMORY:
        entry->outcome = BENCH_SKIPPED;
        break;
    default:
        entry->outcome = BENCH_FAILED;
    }
    snprintf(entry->reason, sizeof entry->reason, "%s", norma_strerror(status));
    return false;
}

static bool create(struct bench_entry *entry, const struct norma_problem *problem, int threads) {
    const struct reference_implementation *implementation = entry->contender.implementation;
    return note_status(
        entry, implementation->create(implementation, &entry->contender.state, problem, threads));
}

static void destroy(struct bench_entry *entry) {
    entry->contender.implementation->destroy(entry->contender.state);
    entry->contender.state = NULL;
    entry->contender.expected = 0;
}

static bool import(struct bench_entry *entry, const struct norma_args *args) {
    const struct reference_implementation *implementation = entry->contender.implementation;
    return !implementation->import ||
           note_status(entry, implementation->import(entry->contender.state, args));
}

static bool execute(struct bench_entry *entry, const struct norma_args *args) {
    const struct reference_implementation *implementation = entry->contender.implementation;
    void *state = entry->contender.state;
    if (!import(entry, args)) {
        return false;
    }
    double start = bench_now();
    norma_status status = implementation->execute(state, args);
    entry->contender.expected = bench_now() - start;
    return note_status(entry, status) &&
           (!implementation->export || note_status(entry, implementation->export(state, args)));
}

/* Restores the inputs. As they are compared after each execution, it is enough to restore those
 * that are also written, unless an input was damaged. */
static void restore(const struct bench_verification *verification, bool damaged,
                    void *const pointers[REFERENCE_TENSOR_COUNT]) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    void *restored[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(&verification->problem, tensors);
    for (int i = 0; i < REFERENCE_TENSOR_COUNT; i++) {
        restored[i] = damaged || tensors[i].role == REFERENCE_ROLE_INOUT ? pointers[i] : NULL;
    }
    verify_truth_inputs(verification->truth, restored);
}

static void compare(const struct bench_verification *verification, struct bench_entry *entry,
                    int threads, void *const pointers[REFERENCE_TENSOR_COUNT]) {
    const struct reference_implementation *implementation = entry->contender.implementation;
    struct verify_verdict verdict =
        verify_truth_compare(verification->truth, implementation->accumulation, pointers);
    entry->share_of_bound = verdict.share;
    if (!verdict.passed) {
        entry->outcome = BENCH_FAILED;
        snprintf(entry->reason, sizeof entry->reason, "%s", verdict.message);
        char command[TOOL_CRASH_COMMAND];
        verify_print_command("", implementation->name, threads, verification->seed,
                             verification->text, command, sizeof command);
        tool_say("%s is wrong: %s; reproduce: %s", implementation->name, verdict.message, command);
    }
}

/* Verifies an entry. If it can be timed, it then has a state for the problem to be timed. */
static void verify(const struct bench_verification *verification,
                   const struct norma_problem *problem, int threads, struct bench_entry *entry,
                   void *const pointers[REFERENCE_TENSOR_COUNT]) {
    if (!create(entry, &verification->problem, threads)) {
        return;
    }
    struct norma_args args = reference_tensors_bind(pointers);
    bench_buffers_poison(&verification->problem, pointers, threads);
    if (execute(entry, &args)) {
        snprintf(entry->kernel, sizeof entry->kernel, "%s",
                 entry->contender.implementation->kernel(entry->contender.state));
        compare(verification, entry, threads, pointers);
    }
    if (verification->reduced) {
        entry->verified = verification->text;
    }
    if (entry->outcome != BENCH_TIMED || verification->reduced) {
        destroy(entry);
    }
    if (entry->outcome == BENCH_TIMED && verification->reduced) {
        create(entry, problem, threads);
    }
}

/* Restores the inputs for timing, also in the layouts of implementations that have their own. */
static void prepare(const struct bench_verification *verification,
                    const struct norma_problem *problem, struct bench_entry *entries, size_t count,
                    bool damaged, void *const pointers[REFERENCE_TENSOR_COUNT]) {
    restore(verification, damaged, pointers);
    bench_buffers_repeat(&verification->problem, problem, pointers);
    struct norma_args args = reference_tensors_bind(pointers);
    for (size_t i = 0; i < count; i++) {
        if (!entries[i].is_ceiling && entries[i].outcome == BENCH_TIMED) {
            bench_notify_turn(entries[i].contender.implementation);
            if (!import(&entries[i], &args)) {
                destroy(&entries[i]);
            }
        }
    }
}

bool bench_verify_entries(const struct bench_verification *verification,
                          const struct norma_problem *problem, int threads,
                          struct bench_entry *entries, size_t count,
                          void *const pointers[REFERENCE_TENSOR_COUNT]) {
    bool damaged = true;
    for (size_t i = 0; i < count; i++) {
        if (tool_interrupted()) {
            return false;
        }
        if (!entries[i].is_ceiling && entries[i].outcome == BENCH_TIMED) {
            bench_notify_turn(entries[i].contender.implementation);
            restore(verification, damaged, pointers);
            verify(verification, problem, threads, &entries[i], pointers);
            damaged = entries[i].outcome == BENCH_FAILED;
        }
    }
    prepare(verification, problem, entries, count, damaged, pointers);
    bench_notify_turn(NULL);
    return true;
}
