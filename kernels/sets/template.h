/* The algorithms, once, over the vocabulary of an instruction set. A set_*.c file defines the
 * vocabulary below and the three macros, then includes this file, which defines the set.
 *
 *     NORMA_SET_SYMBOL     norma_set_avx2
 *     NORMA_SET_NAME       "avx2"
 *     NORMA_SET_FEATURES   "avx2 fma"
 *     static bool available(void)
 *
 * Vocabulary: f32x16 is 16 floats, f64x16 is 16 doubles, in whatever registers they take; lane i
 * is element i. `count` is 1 to 15, and memory beyond it is neither read nor written.
 *
 *     f32x16 load(const float *p)            f32x16 load_tail(const float *p, int count)
 *     void store(float *p, f32x16 v)         void store_tail(float *p, int count, f32x16 v)
 *     void stream(float *p, f32x16 v)        past the caches; p is a multiple of 64 bytes
 *     void stream_fence(void)                after the last stream of a thread
 *     f32x16 splat32(float a)                  f32x16 add32(f32x16 a, f32x16 b)
 *     f32x16 sub32(f32x16 a, f32x16 b)         f32x16 mul32(f32x16 a, f32x16 b)
 *     f32x16 div32(f32x16 a, f32x16 b)      f32x16 fma32(f32x16 a, f32x16 b, f32x16 c)
 *     f32x16 relu_mask(f32x16 v, f32x16 y)        +0 where y <= 0, else v (also where y is NaN)
 *     f32x16 join_lanes(f32x16 first, int count, f32x16 rest)
 *                                            lanes below count are those of first
 *     f32x16 select_by_label(const uint8_t *labels, uint8_t label, f32x16 yes, f32x16 no)
 *                                            yes where labels[i] == label; reads 16 labels
 *     f64x16 widen(f32x16 v)                 f32x16 narrow(f64x16 v)
 *     f64x16 widen_load(const float *p)
 *     f64x16 widen_load_tail(const float *p, int count, float fill)
 *                                            absent lanes are `fill`
 *     f64x16 load64(const double *p)         void store64(double *p, f64x16 v)
 *     f64x16 splat64(double a)               f64x16 add64(f64x16 a, f64x16 b)
 *     f64x16 sub64(f64x16 a, f64x16 b)       f64x16 mul64(f64x16 a, f64x16 b)
 *     f64x16 div64(f64x16 a, f64x16 b)    f64x16 fma64(f64x16 a, f64x16 b, f64x16 c)
 *     double sum64(f64x16 v)                 in the tree (i, i+8), (i, i+4), (i, i+2), (i, i+1)
 *     f64x16 sums64(const f64x16 *v)         lane i is sum64(v[i]); only where 16 at once are
 * faster than one by one, with #define NORMA_SET_SUMS64
 *
 * A set whose fma64 is no instruction says #define NORMA_SET_WITHOUT_FMA: where a product is exact,
 * a multiplication and an addition give the same bits.
 *
 * Neither this file nor its parts include a system header: set_highway.cc includes them inside a
 * namespace. The headers that they need are set.h's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/* Every loop body is written once for `count` elements, and inlined for all 16 and for a tail. */
#define NORMA_STEP static inline __attribute__((always_inline))

#ifndef NORMA_SET_SUMS64
NORMA_STEP f64x16 sums64(const f64x16 *v) {
    double sums[NORMA_LANES];
    for (int i = 0; i < NORMA_LANES; i++) {
        sums[i] = sum64(v[i]);
    }
    return load64(sums);
}
#endif

NORMA_STEP f32x16 get(const float *p, int count) {
    return count == NORMA_LANES ? load(p) : load_tail(p, count);
}

/* Straight from memory to double is one instruction where widening a register takes several. */
NORMA_STEP f64x16 get_wide(const float *p, int count) {
    return count == NORMA_LANES ? widen_load(p) : widen(load_tail(p, count));
}

NORMA_STEP void put(float *p, int count, f32x16 v) {
    if (count == NORMA_LANES) {
        store(p, v);
    } else {
        store_tail(p, count, v);
    }
}

/* Where whole cache lines are streamed: p is then a multiple of 64 bytes. */
NORMA_STEP void put_or_stream(float *p, int count, f32x16 v, bool nontemporal) {
    if (nontemporal && count == NORMA_LANES) {
        stream(p, v);
    } else {
        put(p, count, v);
    }
}

/* Elements before the first multiple of 64 bytes. */
static inline int64_t unaligned_head(const float *p, int64_t length) {
    const int64_t head = (int64_t)(-(uintptr_t)p / sizeof(float) % NORMA_LANES);
    return head < length ? head : length;
}

/* Into the second cache, and from beyond the end of the tensor as well: a prefetch cannot fault,
 * but C knows no pointer there. */
NORMA_STEP void prefetch_ahead(const float *p, int64_t elements) {
    enum { TO_READ, SECOND_CACHE = 2 };
    __builtin_prefetch((const void *)((uintptr_t)p + (uintptr_t)elements * sizeof *p), TO_READ,
                       SECOND_CACHE);
}

/* Labels of absent lanes are not `label`. */
NORMA_STEP f32x16 pick(const struct norma_selection *selection, int64_t i, int count, f32x16 yes,
                       f32x16 no) {
    if (count == NORMA_LANES) {
        return select_by_label(selection->labels + i, selection->label, yes, no);
    }
    uint8_t labels[NORMA_LANES];
    memset(labels, ~selection->label, sizeof labels);
    memcpy(labels, selection->labels + i, (size_t)count);
    return select_by_label(labels, selection->label, yes, no);
}

#include "kernels/sets/template_moments.h"

#include "kernels/sets/template_apply.h"

#include "kernels/sets/template_gradient.h"

#include "kernels/sets/template_columns.h"

#include "kernels/sets/template_rows.h"

#include "kernels/sets/template_blend.h"

#include "kernels/sets/template_vocabulary.h"

const struct norma_set NORMA_SET_SYMBOL = {
    .name = NORMA_SET_NAME,
    .features = NORMA_SET_FEATURES,
    .available = available,
    .moments = moments,
    .apply = apply,
    .gradient_sums = gradient_sums,
    .gradient_apply = gradient_apply,
    .moments_columns = moments_columns,
    .apply_columns = apply_columns,
    .gradient_sums_columns = gradient_sums_columns,
    .gradient_apply_columns = gradient_apply_columns,
    .apply_rows = apply_rows,
    .row_sums = row_sums,
    .row_gradient = row_gradient,
    .blend = blend,
    .blend_product = blend_product,
    .blend_gradient = blend_gradient,
    .blend_alpha = blend_alpha,
    .vocabulary = &vocabulary,
};
