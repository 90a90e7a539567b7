/* The parts of vocabulary.c: what a function may be asked, and the two kinds of functions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_VOCABULARY_PARTS_H
#define NORMA_VERIFY_VOCABULARY_PARTS_H

#include "fence.h"
#include "sets/set.h"
#include "vocabulary.h"

/* A check of one function, as it goes on. */
struct norma_inquiry {
    const struct norma_vocabulary *vocabulary;
    uint64_t stream, drawn; /* of the random data, and how much of it is used */
    struct norma_fence fence;
    struct norma_vocabulary_verdict verdict;
};

/* ---- data: vocabulary_data.c -------------------------------------------------------------- */

/* Numbers of either type are held as doubles: every float is one. */
struct norma_range {
    int digits;    /* 24: floats */
    int low, high; /* exponents */
    double largest, smallest_normal, smallest;
};

extern const struct norma_range norma_range_floats, norma_range_doubles;
/* Without the instruction, fma64 is made of operations whose errors must stay in the range of
 * double. Factors within 2^-300 and 2^300 do; kernels' are floats, and sums of two of them. */
extern const struct norma_range norma_range_factors;

/* 0 to count - 1. */
int norma_draw_below(struct norma_inquiry *inquiry, int count);

/* An ordinary number with an exponent from low to high. */
double norma_draw_between(struct norma_inquiry *inquiry, const struct norma_range *range, int low,
                          int high);

/* Zeros, ones, infinities, NaN, and the ends of the range. */
double norma_draw_special(struct norma_inquiry *inquiry, const struct norma_range *range);

/* 16 numbers, all of one kind: much alike, of any exponent, with special ones among them, or one
 * for all of them. */
void norma_draw_lanes(struct norma_inquiry *inquiry, const struct norma_range *range,
                      double lanes[NORMA_LANES]);

/* a, b, c such that a b + c is hard to round: a b, rounded, cancels c; or a b is just below or
 * above half a unit of the last place of c, so that rounding twice shows. */
void norma_draw_fused(struct norma_inquiry *inquiry, const struct norma_range *range, double *a,
                      double *b, double *c);

/* A double at, or next to, the middle between two floats. */
double norma_draw_middle(struct norma_inquiry *inquiry);

void norma_floats_to_lanes(const float *floats, double *lanes);
void norma_lanes_to_floats(const double *lanes, float *floats);

/* Equal to the bit; NaNs are one. */
bool norma_vocabulary_same(double a, double b);

/* ---- the functions ------------------------------------------------------------------------ */

/* Names and checks, in the order of the report; NULL beyond the last. */
const char *norma_vocabulary_memory(size_t index);
void norma_vocabulary_check_memory(struct norma_inquiry *inquiry, size_t index);

const char *norma_vocabulary_lanes(size_t index);
void norma_vocabulary_check_lanes(struct norma_inquiry *inquiry, size_t index);

#endif
