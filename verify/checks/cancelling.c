/* Data whose sums cancel exactly, and whose exponents differ so much that sums in double round.
 * Such a sum leaves nothing but the rounding errors of its order, so that two orders give two
 * results, which other data round to the same float.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/checks/promises.h"

#include <math.h>

/* The coordinates of an element. */
struct place {
    int64_t n, c, s;
};

/* Returns the place whose element cancels this one. Both are in the same statistics set, at the
 * same distance from its two ends; or in the same channel of two samples, where samples are so many
 * that the sums over them, for the gradients of parameters, are the longest. */
static struct place partner(const struct norma_problem *problem, int64_t positions,
                            struct place place) {
    enum { MANY_SAMPLES = 64 };
    const bool of_channel = reference_facts_of(problem)->sets == REFERENCE_SETS_CHANNEL;
    const bool across = of_channel || problem->n > MANY_SAMPLES;
    const int64_t channels = across ? 1 : reference_channels_per_set(problem);
    const int64_t first = place.c / channels * channels;
    return (struct place){
        .n = across ? problem->n - 1 - place.n : place.n,
        .c = first + channels - 1 - (place.c - first),
        .s = positions - 1 - place.s,
    };
}

static int64_t index_of(const struct norma_problem *problem, int64_t positions,
                        struct place place) {
    return reference_element_at(problem, place.n * problem->c + place.c, place.s, positions);
}

/* Scales the first half of each set by powers of two, and replaces the second half by its
 * negatives, backwards. An element in the middle, which is its own partner, becomes 0. */
static void cancel(const struct norma_problem *problem, void *data) {
    enum {
        EXPONENTS = 41, /* a prime, with which 24 bits make more than the 53 of double */
        /* Elements that norma sums at once, and the steps between the sums of three in turn: sums
         * of one magnitude would often have an exact sum. */
        CHUNK = 4096,
        STEP = 13
    };
    const int64_t positions = norma_problem_spatial(problem);
    for (int64_t i = 0; i < reference_elements(problem); i++) {
        const int64_t plane = i / positions;
        const struct place place = {plane / problem->c, plane % problem->c, i % positions};
        const int64_t here = index_of(problem, positions, place);
        const int64_t there = index_of(problem, positions, partner(problem, positions, place));
        if (there <= here) {
            const int exponent = (int)(there * 7 % EXPONENTS + there / CHUNK % 3 * STEP);
            const double value = ldexp(reference_load(problem->dtype, data, there), -exponent);
            reference_store(problem->dtype, data, there, value);
            reference_store(problem->dtype, data, here, there == here ? 0.0 : -value);
        }
    }
}

void verify_cancel_gradient(struct verify_truth *truth) {
    if (truth->inputs[REFERENCE_TENSOR_dy]) {
        cancel(&truth->problem, truth->inputs[REFERENCE_TENSOR_dy]);
    }
}

struct verify_truth *verify_cancelling_create(const struct norma_problem *problem, uint64_t seed) {
    struct verify_truth *inputs =
        verify_truth_create_inputs(problem, VERIFY_DATA_NORMAL, verify_stream(seed, 1));
    if (inputs) {
        cancel(problem, inputs->inputs[REFERENCE_TENSOR_x]);
        verify_cancel_gradient(inputs);
    }
    return inputs;
}
