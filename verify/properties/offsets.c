/* Tensors of more than 2^31 elements have the results of small ones.
 *
 * A kernel that keeps an offset in 32 bits, in bytes or in elements, is right for every tensor that
 * fits into the memory of most machines. Here a large tensor repeats the first half of a small one
 * 4096 times, at addresses of the same memory (aliases.h), and ends with the second half. Its last
 * bytes lie behind 2^33, or 2^31 elements. An offset that wraps around to less than 0 leads to a
 * fault. One that wraps around to another part of the tensor reads other data than the last ones,
 * or does not write to the last ones.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "verify/harness/harness.h"
#include "verify/properties/aliases.h"
#include "verify/properties/property_trial.h"

enum { HALVES = 4097 }; /* of the small tensor in the large one */

/* ---- the large problem -------------------------------------------------------------------- */

/* Returns the large problem: more samples, or, of one sample with one channel, more positions. */
static struct norma_problem enlarged(const struct norma_problem *small) {
    struct norma_problem large = *small;
    int64_t *outermost = small->n > 1 ? &large.n : &large.spatial[0];
    *outermost = *outermost / 2 * HALVES;
    return large;
}

static bool is_repeated(const struct verify_experiment *small,
                        const struct verify_experiment *large, int id) {
    return large->tensors[id].count != small->tensors[id].count;
}

/* Checks whether the tensor has an element for each of x. */
static bool is_large(const struct verify_experiment *large, int id) {
    return large->tensors[id].count == reference_elements(&large->problem);
}

/* Returns a tensor with the first half of a small one, repeated, and then the second. */
static void *repeated(const struct verify_experiment *small, int id) {
    const size_t half = reference_tensor_bytes(&small->tensors[id]) / 2;
    const char *from = small->data[id];
    char *to = verify_trial_memory(small->trial, HALVES * half);
    for (size_t i = 0; i < HALVES; i++) {
        memcpy(to + i * half, from + (i + 1 == HALVES ? half : 0), half);
    }
    return to;
}

/* Gives the large experiment all but the large tensors: inputs that are the same or repeat those of
 * the small one. Sums over the batch are another matter, and left out. */
static void share_inputs(struct verify_experiment *large, const struct verify_experiment *small) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (small->data[id] && reference_is_input(&large->tensors[id]) && !is_large(large, id)) {
            large->data[id] = is_repeated(small, large, id) ? repeated(small, id) : small->data[id];
        }
    }
}

static struct verify_experiment *enlarge(const struct verify_experiment *small) {
    struct verify_trial *trial = small->trial;
    const struct reference_implementation *implementation = trial->implementation;
    struct verify_experiment *large = verify_trial_memory(trial, sizeof *large);
    large->trial = trial;
    large->problem = enlarged(&small->problem);
    norma_problem_print(&large->problem, large->text, sizeof large->text);
    reference_tensors_of(&large->problem, large->tensors);
    const norma_status status =
        implementation->create(implementation, &large->state, &large->problem, trial->threads);
    if (status != NORMA_STATUS_OK) {
        verify_trial_fail(trial, "%s: creation failed: %s", large->text, norma_strerror(status));
    }
    large->next = trial->experiments;
    trial->experiments = large;
    share_inputs(large, small);
    return large;
}

/* ---- its execution ------------------------------------------------------------------------ */

/* The addresses of all large tensors. */
struct tensors {
    struct verify_aliases of[REFERENCE_TENSOR_COUNT];
};

static void unmap(struct tensors *tensors) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        verify_aliases_unmap(&tensors->of[id]);
    }
}

/* Maps the large tensors. Inputs have the data of the small ones, and outputs are NaN. Returns
 * false, with the reason in errno, if it cannot. */
static bool map(struct tensors *tensors, struct verify_experiment *large,
                const struct verify_experiment *small) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const size_t bytes = reference_tensor_bytes(&small->tensors[id]);
        if (!small->data[id] || !is_large(large, id)) {
            continue;
        }
        if (!verify_aliases_map(&tensors->of[id], bytes / 2, HALVES)) {
            return false;
        }
        large->data[id] = tensors->of[id].data;
        if (reference_is_input(&small->tensors[id])) {
            memcpy(tensors->of[id].memory, small->data[id], bytes);
        } else {
            memset(tensors->of[id].memory, 0xff, bytes);
        }
    }
    return true;
}

/* Returns an experiment for what the large outputs hold, with the indices of the small one. */
static struct verify_experiment *ends_of(const struct verify_experiment *large,
                                         const struct verify_experiment *small) {
    struct verify_experiment *ends = verify_trial_memory(small->trial, sizeof *ends);
    *ends = *small;
    memcpy(ends->text, large->text, sizeof ends->text);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const size_t bytes = reference_tensor_bytes(&small->tensors[id]);
        const bool used = small->data[id] && is_large(large, id);
        ends->data[id] = used ? verify_trial_memory(small->trial, bytes) : NULL;
    }
    return ends;
}

/* Copies the part that repeats, and the end. */
static void take_ends(const struct verify_experiment *ends, const struct tensors *tensors) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (ends->data[id]) {
            memcpy(ends->data[id], tensors->of[id].memory,
                   reference_tensor_bytes(&ends->tensors[id]));
        }
    }
}

/* Executes the large problem and returns the ends of its outputs. Nothing ends the trial while
 * tensors are mapped, as these are no memory of the trial. */
static struct verify_experiment *execute(struct verify_experiment *large,
                                         const struct verify_experiment *small) {
    struct tensors tensors = {0};
    struct verify_experiment *ends = ends_of(large, small);
    const bool mapped = map(&tensors, large, small);
    const int reason = errno;
    const norma_status status = mapped ? verify_experiment_execute(large) : NORMA_STATUS_NO_MEMORY;
    if (mapped) {
        take_ends(ends, &tensors);
    }
    unmap(&tensors);
    if (!mapped) {
        verify_trial_skip(large->trial, "%s: no addresses for its tensors: %s", large->text,
                          strerror(reason));
    }
    if (status != NORMA_STATUS_OK) {
        verify_trial_fail(large->trial, "%s: execution failed: %s", large->text,
                          norma_strerror(status));
    }
    return ends;
}

/* ---- where it is not checked -------------------------------------------------------------- */

static void skip_sanitized(struct verify_trial *trial) {
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
    verify_trial_skip(trial, "sanitizers take memory for every address");
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    verify_trial_skip(trial, "sanitizers take memory for every address");
#endif
    (void)trial;
}

/* Checks for a set of the build that is not the fastest. */
static bool is_slower_set(const struct verify_trial *trial) {
    const char *name = trial->implementation->name;
    return verify_trial_is_norma(trial) && !verify_plugin_base(name) &&
           strcmp(name, verify_fastest_set()->name) != 0;
}

/* Skips implementations that may have tensors of their own, in real memory, and all sets but one:
 * offsets are computed in code that sets share, and a large tensor takes seconds, in portable half
 * a minute. */
static void skip_others(struct verify_trial *trial) {
    if (trial->implementation->kind != REFERENCE_KIND_NORMA) {
        verify_trial_skip(trial, "only of norma, as others may copy 8 GiB");
    }
    if (is_slower_set(trial)) {
        verify_trial_skip(trial, "only of %s and plug-ins, as sets share the code of offsets",
                          verify_fastest_set()->name);
    }
}

/* Returns the seconds of the processor that the process has taken, which do not depend on what else
 * runs. */
static double seconds_taken(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Skips a large problem that would take long: in an emulator, in valgrind, or not optimized. */
static void skip_slow(struct verify_experiment *small) {
    static const double MOST_SECONDS = 10.0;
    double shortest = INFINITY;
    for (int i = 0; i < 5; i++) {
        const double begin = seconds_taken();
        verify_experiment_execute(small);
        shortest = fmin(shortest, seconds_taken() - begin);
    }
    const double seconds = shortest * HALVES / 2;
    if (seconds > MOST_SECONDS) {
        verify_trial_skip(small->trial, "%s: a large one would take %.0f s of the processor",
                          small->text, seconds);
    }
}

/* ------------------------------------------------------------------------------------------- */

static void offsets_have_64_bits(struct verify_trial *trial, const char *text) {
    skip_sanitized(trial);
    skip_others(trial);
    struct verify_experiment *small = verify_experiment_named(trial, "%s", text);
    verify_experiment_run(small);
    /* A NaN would look as what is not written. */
    verify_expect_same_outputs(small, small);
    skip_slow(small);
    /* Two threads take half the time. One has all of a plane, so that the counts are large, too. */
    trial->threads = small->problem.n > 1 ? 2 : 1;
    verify_expect_same_outputs(execute(enlarge(small), small), small);
}

/* Both halves have a piece of 2 MiB: samples of planes, of groups, or of channels that do not
 * depend on the batch; samples of one position; and a part of the only plane. */
static const char *const problems[] = {
    "in:2x64x8192:epilogue=add_relu",
    "in:2x64x8192:pass=bwd",
    "ln:2048x512",
    "gn:2x64x8192:g=8,pass=bwd",
    "bn:2x64x8192:pass=inf_bwd",
    "bn:1x1x1048576:pass=inf",
    NULL,
};

const struct verify_property verify_properties_offsets[] = {
    {"offsets-have-64-bits", offsets_have_64_bits, problems, VERIFY_PROMISE_NORMA,
     VERIFY_IN_EACH_LAYOUT},
    {0},
};
