/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/checks/nonfinite.h"

#include <math.h>

#include "verify/truth/truth.h"

enum { CHUNK = 4096 }; /* norma sums so many elements at once; others may sum as they like */

/* Three places, with either value in turn. */
static int64_t place_of(int64_t count, int which) {
    switch (which / 2) {
    case 0:
        return 0;
    case 1:
        return count - 1;
    default:
        return count > CHUNK ? CHUNK : count / 2;
    }
}

static float value_of(int which) {
    return which % 2 == 0 ? NAN : INFINITY;
}

/* The truth about the same inputs but for one element of the source. NULL: no memory. */
static struct verify_truth *create_spoiled(const struct norma_problem *problem, uint64_t seed,
                                           int which, float value) {
    struct verify_truth *truth = verify_truth_create_inputs(problem, VERIFY_DATA_NORMAL, seed);
    if (!truth) {
        return NULL;
    }
    const enum reference_tensor_id source = reference_tensor_source(problem);
    float *elements = truth->inputs[source];
    elements[place_of(truth->tensors[source].count, which)] = value;
    if (!verify_truth_expect(truth)) {
        verify_truth_destroy(truth);
        return NULL;
    }
    return truth;
}

/* One case: the truth without and with something not finite, and with a NaN in its place, which
 * reaches everything that depends on it; and what the implementation yields without. */
struct trial {
    int which;
    struct verify_truth *clean, *spoiled, *reached;
    struct verify_results without;
};

static double expected(struct verify_truth *truth, int id, int64_t index) {
    return (*verify_expected(&truth->expected, id).value)[index];
}

/* What is reached by infinity may stay finite, as where it is divided by. */
static bool is_right(const struct trial *trial, int id, int64_t index, float got) {
    const double clean = expected(trial->clean, id, index);
    const double reached = expected(trial->reached, id, index);
    if (clean == reached || (isnan(clean) && isnan(reached))) {
        return verify_same_float(trial->without.data[id][index], got);
    }
    return isfinite(expected(trial->spoiled, id, index)) || !isfinite(got);
}

static struct verify_verdict failure_at(const struct trial *trial, int id, int64_t index,
                                        float got) {
    const struct verify_truth *clean = trial->clean;
    const enum reference_tensor_id source = reference_tensor_source(&clean->problem);
    return verify_verdict_failed(
        VERIFY_CHECK_NON_FINITE, "%s[%lld] is %.9g, and %.9g where %s[%lld] is %g",
        clean->tensors[id].name, (long long)index, (double)trial->without.data[id][index],
        (double)got, clean->tensors[source].name,
        (long long)place_of(clean->tensors[source].count, trial->which),
        (double)value_of(trial->which));
}

static struct verify_verdict compare(const struct trial *trial,
                                     void *const pointers[REFERENCE_TENSOR_COUNT]) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const float *got = pointers[id];
        for (int64_t i = 0; trial->without.data[id] && i < trial->clean->tensors[id].count; i++) {
            if (!is_right(trial, id, i, got[i])) {
                return failure_at(trial, id, i, got[i]);
            }
        }
    }
    return (struct verify_verdict){.passed = true};
}

struct verify_verdict verify_check_non_finite(const struct verify_subject *subject,
                                              struct verify_truth *truth, uint64_t seed,
                                              int which) {
    struct verify_verdict verdict = {.passed = true};
    void *pointers[REFERENCE_TENSOR_COUNT];
    struct trial trial = {.which = which, .clean = truth};
    trial.spoiled = create_spoiled(subject->problem, seed, which, value_of(which));
    trial.reached =
        isnan(value_of(which)) ? trial.spoiled : create_spoiled(subject->problem, seed, which, NAN);
    if (trial.spoiled && trial.reached &&
        verify_subject_execute(subject, truth, pointers) == NORMA_STATUS_OK &&
        verify_results_keep(&trial.without, subject->problem, pointers) &&
        verify_subject_execute(subject, trial.spoiled, pointers) == NORMA_STATUS_OK) {
        verdict = compare(&trial, pointers);
    }
    verify_results_release(&trial.without);
    if (trial.reached != trial.spoiled) {
        verify_truth_destroy(trial.reached);
    }
    verify_truth_destroy(trial.spoiled);
    return verdict;
}
