/* Optional tensors are left out one by one, and given one by one: what one means does not depend on
 * whether another is there.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/checks/promises.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AT_RANDOM = 4 };

static int count_optional(const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT]) {
    int count = 0;
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        count += tensors[id].optional;
    }
    return count;
}

int verify_left_out_cases(const struct norma_problem *problem) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    const int count = count_optional(tensors);
    return count > 0 ? 2 * count + AT_RANDOM : 0;
}

/* Chooses the tensors that are left out. */
static void choose(struct verify_left_out *trial, uint64_t seed, int which) {
    const struct reference_tensor *tensors = trial->truth->tensors;
    const int count = count_optional(tensors);
    const uint64_t chosen = verify_random_bits(verify_stream(seed, (uint64_t)which), 0);
    const int given = which % count; /* something, as there are data with which nothing is */
    int number = 0;
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (tensors[id].optional) {
            trial->left_out[id] = which < count       ? number == which
                                  : which < 2 * count ? number != which - count
                                                      : number != given && chosen >> number & 1;
            number++;
        }
    }
}

/* Checks whether results depend on what is left out. */
static bool is_input_left_out(const struct verify_left_out *trial) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (trial->left_out[id] && trial->truth->tensors[id].role == REFERENCE_ROLE_INPUT) {
            return true;
        }
    }
    return false;
}

/* Returns the truth about the inputs that are left; NULL if there is not enough memory. */
static struct verify_truth *create_remaining(const struct verify_left_out *trial, uint64_t seed) {
    struct verify_truth *truth =
        verify_truth_create_inputs(&trial->truth->problem, VERIFY_DATA_NORMAL, seed);
    for (int id = 0; truth && id < REFERENCE_TENSOR_COUNT; id++) {
        if (trial->left_out[id]) {
            free(truth->inputs[id]);
            truth->inputs[id] = NULL;
        }
    }
    if (truth && !verify_truth_expect(truth)) {
        verify_truth_destroy(truth);
        return NULL;
    }
    return truth;
}

bool verify_left_out_begin(struct verify_left_out *trial, struct verify_truth *truth, uint64_t seed,
                           int which) {
    *trial = (struct verify_left_out){.truth = truth};
    choose(trial, seed, which);
    if (is_input_left_out(trial)) {
        trial->own = create_remaining(trial, seed);
        trial->truth = trial->own;
    }
    return trial->truth != NULL;
}

void verify_left_out_end(struct verify_left_out *trial) {
    verify_truth_destroy(trial->own);
}

/* Prints the names of what is left out. */
static void name(const struct verify_left_out *trial, char *text, size_t size) {
    size_t length = 0;
    text[0] = '\0';
    for (int id = 0; id < REFERENCE_TENSOR_COUNT && length < size; id++) {
        if (trial->left_out[id]) {
            length += (size_t)snprintf(text + length, size - length, " %s",
                                       trial->truth->tensors[id].name);
        }
    }
}

struct verify_verdict verify_check_left_out(const struct verify_subject *subject,
                                            const struct verify_left_out *trial) {
    struct verify_subject leaving = *subject;
    char names[160];
    leaving.left_out = trial->left_out;
    const struct verify_setup setup = {VERIFY_DATA_NORMAL, VERIFY_PLACE_BACK};
    const struct verify_verdict verdict = verify_check(&leaving, trial->truth, setup);
    name(trial, names, sizeof names);
    return verdict.passed ? verdict
                          : verify_verdict_failed(VERIFY_CHECK_LEFT_OUT, "without%s: %.160s", names,
                                                  verdict.message);
}
