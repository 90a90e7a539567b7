/* Comparisons of magnitudes by the bits of doubles, which are in the order of the magnitudes, NaN
 * above all. Compilers vectorize differences of integers where they do not vectorize comparisons of
 * doubles: without AVX-512, tests of a few conditions took half the time of a short plane.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_MAGNITUDE_H
#define KERNELS_STAGES_MAGNITUDE_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Returns a number that is the larger the larger the magnitude is. */
static inline int64_t norma_magnitude(double value) {
    const double magnitude = fabs(value);
    int64_t bits;
    memcpy(&bits, &magnitude, sizeof bits);
    return bits;
}

/* Return a negative number if the magnitude of the value is beyond `most`, and if it is below
 * `least` but not 0. The results for several values are combined by |. */
static inline int64_t norma_beyond(double value, double most) {
    return norma_magnitude(most) - norma_magnitude(value);
}

static inline int64_t norma_below(double value, double least) {
    return (norma_magnitude(value) - norma_magnitude(least)) & ~(norma_magnitude(value) - 1);
}

/* Returns `zero` if the value is 0, else `other`. */
static inline double norma_if_zero(double value, double zero, double other) {
    const uint64_t mask = -((uint64_t)(norma_magnitude(value) - 1) >> 63);
    uint64_t a, b;
    double chosen;
    memcpy(&a, &zero, sizeof a);
    memcpy(&b, &other, sizeof b);
    a = (a & mask) | (b & ~mask);
    memcpy(&chosen, &a, sizeof chosen);
    return chosen;
}

#endif
