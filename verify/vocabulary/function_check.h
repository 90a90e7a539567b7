/* The check of one function of a vocabulary: its random data, and the two kinds of functions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_VOCABULARY_FUNCTION_CHECK_H
#define VERIFY_VOCABULARY_FUNCTION_CHECK_H

#include "kernels/sets/sets.h"
#include "verify/harness/harness.h"
#include "verify/vocabulary/verdict.h"

struct verify_function_check {
    const struct norma_vocabulary *vocabulary;
    uint64_t stream, drawn; /* the stream of random numbers, and how many of them are used */
    struct verify_fence fence;
    struct verify_vocabulary_verdict verdict;
};

/* ---- random data: data.c ------------------------------------------------------------------ */

/* The numbers of a type, which are held as doubles here, as every float is one. */
struct verify_range {
    int digits;    /* 24: floats */
    int low, high; /* exponents */
    double largest, smallest_normal, smallest;
};

extern const struct verify_range verify_range_floats, verify_range_doubles;
/* The factors of fma64. Without an instruction for it, it consists of operations whose errors must
 * stay in the range of double, as they do for factors from 2^-300 to 2^300. In kernels, factors are
 * floats, or sums of two floats. */
extern const struct verify_range verify_range_factors;

/* Returns a number from 0 to count - 1. */
int verify_draw_below(struct verify_function_check *check, int count);

/* Returns an ordinary number with an exponent from low to high. */
double verify_draw_between(struct verify_function_check *check, const struct verify_range *range,
                           int low, int high);

/* Returns a zero, a one, an infinity, a NaN, or a number at an end of the range. */
double verify_draw_special(struct verify_function_check *check, const struct verify_range *range);

/* Draws 16 numbers of one kind: of similar size, of any exponent, some of them special, or all of
 * them the same special number. */
void verify_draw_lanes(struct verify_function_check *check, const struct verify_range *range,
                       double lanes[NORMA_LANES]);

/* Draws a, b and c such that a b + c is hard to round. Either the rounded a b cancels c, or a b is
 * just below or above half a unit in the last place of c, which reveals rounding twice. */
void verify_draw_fused(struct verify_function_check *check, const struct verify_range *range,
                       double *a, double *b, double *c);

/* Returns a double at, or next to, the middle between two floats. */
double verify_draw_middle(struct verify_function_check *check);

void verify_floats_to_lanes(const float *floats, double *lanes);
void verify_lanes_to_floats(const double *lanes, float *floats);

/* Checks whether two numbers have the same bits; all NaNs are the same. */
bool verify_vocabulary_same(double a, double b);

/* ---- the functions ------------------------------------------------------------------------ */

/* The functions that load or store, and those that compute: their names, NULL beyond the last, and
 * their checks. */
const char *verify_vocabulary_memory(size_t index);
void verify_vocabulary_check_memory(struct verify_function_check *check, size_t index);

const char *verify_vocabulary_lanes(size_t index);
void verify_vocabulary_check_lanes(struct verify_function_check *check, size_t index);

#endif
