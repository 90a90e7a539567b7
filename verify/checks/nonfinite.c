/* NaN and infinity reach what depends on them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/checks/promises.h"

#include <math.h>

enum { CHUNK = 4096 }; /* the number of elements that norma sums at once */

/* Returns the index of the element that is not finite: three places, each with both values. */
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

static double value_of(int which) {
    return which % 2 == 0 ? (double)NAN : (double)INFINITY;
}

/* Returns the truth about the same inputs with one element of the source replaced; NULL if there is
 * not enough memory. */
static struct verify_truth *create_replaced(const struct norma_problem *problem, uint64_t seed,
                                            int which, double value) {
    struct verify_truth *truth = verify_truth_create_inputs(problem, VERIFY_DATA_NORMAL, seed);
    if (!truth) {
        return NULL;
    }
    const enum reference_tensor_id source = reference_tensor_source(problem);
    reference_store(problem->dtype, truth->inputs[source],
                    place_of(truth->tensors[source].count, which), value);
    if (!verify_truth_expect(truth)) {
        verify_truth_destroy(truth);
        return NULL;
    }
    return truth;
}

struct trial {
    int which;
    struct verify_truth *finite;     /* without the replaced element */
    struct verify_truth *non_finite; /* with it */
    struct verify_truth *nan; /* with NaN in its place, which makes NaN of all that depends on it */
    struct verify_results results; /* of the implementation, on finite inputs */
};

static double expected(struct verify_truth *truth, int id, int64_t index) {
    return (*reference_place_of(&truth->expected, (enum reference_tensor_id)id).value)[index];
}

/* Checks an element against the one that finite inputs give. An element that depends on an infinity
 * may be finite, for example where it is divided by the infinity. */
static bool is_right(const struct trial *trial, int id, int64_t index, double finite, double got) {
    const double without = expected(trial->finite, id, index);
    const double with_nan = expected(trial->nan, id, index);
    if (without == with_nan || (isnan(without) && isnan(with_nan))) {
        return verify_same_value(finite, got);
    }
    return isfinite(expected(trial->non_finite, id, index)) || !isfinite(got);
}

static struct verify_verdict failure_at(const struct trial *trial, int id, int64_t index,
                                        double finite, double got) {
    const struct verify_truth *truth = trial->finite;
    const enum reference_tensor_id source = reference_tensor_source(&truth->problem);
    return verify_verdict_failed(
        VERIFY_CHECK_NON_FINITE, "%s[%lld] is %.9g, and %.9g where %s[%lld] is %g",
        truth->tensors[id].name, (long long)index, finite, got, truth->tensors[source].name,
        (long long)place_of(truth->tensors[source].count, trial->which), value_of(trial->which));
}

static struct verify_verdict compare(const struct trial *trial,
                                     void *const pointers[REFERENCE_TENSOR_COUNT]) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const void *results = trial->results.data[id];
        const norma_dtype dtype =
            reference_dtype_of(&trial->finite->problem, (enum reference_tensor_id)id);
        for (int64_t i = 0; results && i < trial->finite->tensors[id].count; i++) {
            const double finite = reference_load(dtype, results, i);
            const double got = reference_load(dtype, pointers[id], i);
            if (!is_right(trial, id, i, finite, got)) {
                return failure_at(trial, id, i, finite, got);
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
    struct trial trial = {.which = which, .finite = truth};
    trial.non_finite = create_replaced(subject->problem, seed, which, value_of(which));
    trial.nan = isnan(value_of(which))
                    ? trial.non_finite
                    : create_replaced(subject->problem, seed, which, (double)NAN);
    if (trial.non_finite && trial.nan &&
        verify_subject_execute(subject, truth, pointers) == NORMA_STATUS_OK &&
        verify_results_keep(&trial.results, subject->problem, pointers) &&
        verify_subject_execute(subject, trial.non_finite, pointers) == NORMA_STATUS_OK) {
        verdict = compare(&trial, pointers);
    }
    verify_results_release(&trial.results);
    if (trial.nan != trial.non_finite) {
        verify_truth_destroy(trial.nan);
    }
    verify_truth_destroy(trial.non_finite);
    return verdict;
}
