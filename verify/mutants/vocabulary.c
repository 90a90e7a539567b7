/* Mutants of the vocabulary: functions that are wrong where no problem happens to look.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "kernels/sets/sets.h"
#include "verify/mutants/mutant_catalogue.h"

enum { LANES = 16 };

static void fma32_in_two(const float *a, const float *b, const float *c, float *out) {
    for (int i = 0; i < LANES; i++) {
        const float product = a[i] * b[i];
        out[i] = product + c[i];
    }
}

static void narrow_to_zero(const double *v, float *out) {
    for (int i = 0; i < LANES; i++) {
        const float nearest = (float)v[i];
        out[i] = fabs((double)nearest) > fabs(v[i]) ? nextafterf(nearest, 0.0f) : nearest;
    }
}

static double sum64_in_order(const double *v) {
    double sum = 0.0;
    for (int i = 0; i < LANES; i++) {
        sum += v[i];
    }
    return sum;
}

static void round_products(struct norma_vocabulary *vocabulary) {
    vocabulary->fma32 = fma32_in_two;
}

static void truncate(struct norma_vocabulary *vocabulary) {
    vocabulary->narrow = narrow_to_zero;
}

static void sum_in_order(struct norma_vocabulary *vocabulary) {
    vocabulary->sum64 = sum64_in_order;
}

#define MISSPELT(function) .stage = VERIFY_STAGE_VOCABULARY, .misspell = function

const struct verify_mutant verify_mutants_vocabulary[] = {
    {"fma-in-two", "a product is rounded before it is added", VERIFY_CHECK_VOCABULARY,
     MISSPELT(round_products)},
    {"narrow-truncates", "double becomes float by rounding towards zero", VERIFY_CHECK_VOCABULARY,
     MISSPELT(truncate)},
    {"sum-in-order", "16 lanes are summed from the first to the last", VERIFY_CHECK_VOCABULARY,
     MISSPELT(sum_in_order)},
    {0},
};
