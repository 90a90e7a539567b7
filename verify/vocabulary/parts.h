/* The parts of vocabulary.c: what a function may be asked, and the two kinds of functions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_VOCABULARY_PARTS_H
#define VERIFY_VOCABULARY_PARTS_H

#include "kernels/sets/sets.h"
#include "verify/harness/harness.h"
#include "verify/vocabulary/vocabulary.h"

/* A check of one function, as it goes on. */
struct verify_inquiry {
    const struct norma_vocabulary *vocabulary;
    uint64_t stream, drawn; /* of the random data, and how much of it is used */
    struct verify_fence fence;
    struct verify_vocabulary_verdict verdict;
};

/* ---- data: vocabulary_data.c -------------------------------------------------------------- */

/* Numbers of either type are held as doubles: every float is one. */
struct verify_range {
    int digits;    /* 24: floats */
    int low, high; /* exponents */
    double largest, smallest_normal, smallest;
};

extern const struct verify_range verify_range_floats, verify_range_doubles;
/* Without the instruction, fma64 is made of operations whose errors must stay in the range of
 * double. Factors within 2^-300 and 2^300 do; kernels' are floats, and sums of two of them. */
extern const struct verify_range verify_range_factors;

/* 0 to count - 1. */
int verify_draw_below(struct verify_inquiry *inquiry, int count);

/* An ordinary number with an exponent from low to high. */
double verify_draw_between(struct verify_inquiry *inquiry, const struct verify_range *range,
                           int low, int high);

/* Zeros, ones, infinities, NaN, and the ends of the range. */
double verify_draw_special(struct verify_inquiry *inquiry, const struct verify_range *range);

/* 16 numbers, all of one kind: much alike, of any exponent, with special ones among them, or one
 * for all of them. */
void verify_draw_lanes(struct verify_inquiry *inquiry, const struct verify_range *range,
                       double lanes[NORMA_LANES]);

/* a, b, c such that a b + c is hard to round: a b, rounded, cancels c; or a b is just below or
 * above half a unit of the last place of c, so that rounding twice shows. */
void verify_draw_fused(struct verify_inquiry *inquiry, const struct verify_range *range, double *a,
                       double *b, double *c);

/* A double at, or next to, the middle between two floats. */
double verify_draw_middle(struct verify_inquiry *inquiry);

void verify_floats_to_lanes(const float *floats, double *lanes);
void verify_lanes_to_floats(const double *lanes, float *floats);

/* Equal to the bit; NaNs are one. */
bool verify_vocabulary_same(double a, double b);

/* ---- the functions ------------------------------------------------------------------------ */

/* Names and checks, in the order of the report; NULL beyond the last. */
const char *verify_vocabulary_memory(size_t index);
void verify_vocabulary_check_memory(struct verify_inquiry *inquiry, size_t index);

const char *verify_vocabulary_lanes(size_t index);
void verify_vocabulary_check_lanes(struct verify_inquiry *inquiry, size_t index);

#endif
