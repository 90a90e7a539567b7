/* NaN and infinity reach what depends on them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/checks/promises.h"

#include <math.h>

/* ---- the cases ---------------------------------------------------------------------------- */

enum {
    CHUNK = 4096, /* the number of elements that norma sums at once */
    PLACES = 3,
    OF_SOURCE = 2 * PLACES, /* cases of the source: a NaN and an infinity at each place */
    OF_OTHERS = 3           /* of every other input: a NaN and both infinities */
};

/* Checks whether a NaN is accepted as an element: not in gates and weights, which are refused, nor
 * in indices and labels, which are no reals. */
static bool takes_nan(const struct reference_tensor *tensor, int id) {
    switch (id) {
    case REFERENCE_TENSOR_rho:
    case REFERENCE_TENSOR_style_weights:
    case REFERENCE_TENSOR_style_index:
    case REFERENCE_TENSOR_labels:
    case REFERENCE_TENSOR_permutation:
        return false;
    default:
        return reference_is_input(tensor) && tensor->count > 0;
    }
}

/* Returns the first input from `id` on that takes NaN and is not the source; beyond the last,
 * REFERENCE_TENSOR_COUNT. */
static int other_input(const struct norma_problem *problem, int id) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    while (id < REFERENCE_TENSOR_COUNT &&
           (id == (int)reference_tensor_source(problem) || !takes_nan(&tensors[id], id))) {
        id++;
    }
    return id;
}

int verify_non_finite_cases(const struct norma_problem *problem) {
    int cases = OF_SOURCE;
    for (int id = other_input(problem, 0); id < REFERENCE_TENSOR_COUNT;
         id = other_input(problem, id + 1)) {
        cases += OF_OTHERS;
    }
    return cases;
}

static int64_t place_of(int64_t count, int place) {
    switch (place) {
    case 0:
        return 0;
    case 1:
        return count - 1;
    default:
        return count > CHUNK ? CHUNK : count / 2;
    }
}

static void choose(struct verify_non_finite *trial, enum reference_tensor_id id, int place,
                   double value) {
    trial->id = id;
    trial->index = place_of(trial->finite->tensors[id].count, place);
    trial->value = value;
}

/* Chooses the element and its value. */
static void choose_case(struct verify_non_finite *trial, int which) {
    const struct norma_problem *problem = &trial->finite->problem;
    const double others[OF_OTHERS] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
    if (which < OF_SOURCE) {
        choose(trial, reference_tensor_source(problem), which / 2, others[which % 2]);
        return;
    }
    int id = other_input(problem, 0);
    for (which -= OF_SOURCE; which >= OF_OTHERS; which -= OF_OTHERS) {
        id = other_input(problem, id + 1);
    }
    choose(trial, (enum reference_tensor_id)id, (id + which) % PLACES, others[which]);
}

/* Replaces the statistics that a backward pass gets by those of the inputs, if this one changes
 * them. Returns false if there is not enough memory. */
static bool hand_on_statistics(struct verify_truth *truth, enum reference_tensor_id replaced) {
    const bool changed = replaced == REFERENCE_TENSOR_x || replaced == REFERENCE_TENSOR_style;
    return !reference_is_backward(&truth->problem) || !changed ||
           verify_expected_statistics(&truth->problem, truth->inputs);
}

/* Returns the truth about the same inputs with the element replaced by a value; NULL if there is
 * not enough memory. */
static struct verify_truth *create_replaced(const struct verify_non_finite *trial, uint64_t seed,
                                            double value) {
    const struct norma_problem *problem = &trial->finite->problem;
    struct verify_truth *truth = verify_truth_create_inputs(problem, VERIFY_DATA_NORMAL, seed);
    if (!truth) {
        return NULL;
    }
    reference_store(reference_dtype_of(problem, trial->id), truth->inputs[trial->id], trial->index,
                    value);
    if (!hand_on_statistics(truth, trial->id) || !verify_truth_expect(truth)) {
        verify_truth_destroy(truth);
        return NULL;
    }
    return truth;
}

bool verify_non_finite_begin(struct verify_non_finite *trial, struct verify_truth *truth,
                             uint64_t seed, int which) {
    *trial = (struct verify_non_finite){.finite = truth};
    choose_case(trial, which);
    trial->replaced = create_replaced(trial, seed, trial->value);
    trial->nan = isnan(trial->value) ? trial->replaced : create_replaced(trial, seed, (double)NAN);
    return trial->replaced && trial->nan;
}

void verify_non_finite_end(struct verify_non_finite *trial) {
    if (trial->nan != trial->replaced) {
        verify_truth_destroy(trial->nan);
    }
    verify_truth_destroy(trial->replaced);
}

/* ---- the check ---------------------------------------------------------------------------- */

static double expected(const struct verify_truth *truth, int id, int64_t index) {
    struct reference_result result = truth->expected;
    return (*reference_place_of(&result, (enum reference_tensor_id)id).value)[index];
}

/* Returns the channel of an element; negative for statistics of several channels. */
static int64_t channel_of(const struct norma_problem *problem, enum reference_tensor_id id,
                          int64_t index) {
    const bool statistic = id == REFERENCE_TENSOR_mean || id == REFERENCE_TENSOR_inverse_std;
    if (statistic && reference_channels_per_set(problem) > 1) {
        return -1;
    }
    const int64_t positions = reference_tensor_positions(problem, id);
    const bool last = positions == 0 || problem->layout == NORMA_LAYOUT_NSC;
    return (last ? index : index / positions) % problem->c;
}

/* Returns the absolute values of the sums that a gradient has as terms; 0 for other results. */
static double sums_of(struct verify_truth *truth, enum reference_tensor_id id, int64_t index) {
    const struct reference_place place = reference_place_of(&truth->expected, id);
    double **sums = place.parts[REFERENCE_PART_SUMS];
    return sums ? (*sums)[index] : 0.0;
}

/* Checks whether an element that does not depend on the input may change nevertheless. If the input
 * is x, backward dy, it may not. But a parameter or a statistic of the same channel may have the
 * factor 0, for example of a gate that is shut, or of a region without a position, and be computed
 * all the same. And a gradient may round otherwise: a sum of products that is not finite may be
 * summed once more in another way, together with the sum of dy beside it. */
static bool may_change(const struct verify_non_finite *trial, enum reference_tensor_id id,
                       int64_t index, double finite, double got) {
    const struct norma_problem *problem = &trial->finite->problem;
    if (trial->id == reference_tensor_source(problem)) {
        return false;
    }
    if (!isfinite(got)) {
        return channel_of(problem, trial->id, trial->index) == channel_of(problem, id, index);
    }
    /* Not NaN: fmax takes the other one. */
    const double sums =
        fmax(sums_of(trial->finite, id, index), sums_of(trial->replaced, id, index));
    return fabs(got - finite) <= 0x1p-20 * sums;
}

/* Checks an element against the one that finite inputs give. An element that depends on an infinity
 * may be finite, for example where it is divided by the infinity. */
static bool is_right(const struct verify_non_finite *trial, int id, int64_t index, double finite,
                     double got) {
    const double without = expected(trial->finite, id, index);
    const double with = expected(trial->replaced, id, index);
    if (verify_same_value(without, with) &&
        verify_same_value(without, expected(trial->nan, id, index))) {
        return verify_same_value(finite, got) ||
               may_change(trial, (enum reference_tensor_id)id, index, finite, got);
    }
    return isfinite(with) || !isfinite(got);
}

static struct verify_verdict failure_at(const struct verify_non_finite *trial, int id,
                                        int64_t index, double finite, double got) {
    const struct verify_truth *truth = trial->finite;
    return verify_verdict_failed(
        VERIFY_CHECK_NON_FINITE, "%s[%lld] is %.9g, and %.9g where %s[%lld] is %g",
        truth->tensors[id].name, (long long)index, finite, got, truth->tensors[trial->id].name,
        (long long)trial->index, trial->value);
}

/* Compares with results on finite inputs. */
static struct verify_verdict compare(const struct verify_non_finite *trial,
                                     const struct verify_results *finite_results,
                                     void *const pointers[REFERENCE_TENSOR_COUNT]) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const void *results = finite_results->data[id];
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
                                              const struct verify_non_finite *trial) {
    struct verify_verdict verdict = {.passed = true};
    void *pointers[REFERENCE_TENSOR_COUNT];
    struct verify_results results = {{NULL}};
    if (verify_subject_execute(subject, trial->finite, pointers) == NORMA_STATUS_OK &&
        verify_results_keep(&results, subject->problem, pointers) &&
        verify_subject_execute(subject, trial->replaced, pointers) == NORMA_STATUS_OK) {
        verdict = compare(trial, &results, pointers);
    }
    verify_results_release(&results);
    return verdict;
}
