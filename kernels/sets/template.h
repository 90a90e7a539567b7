/* The algorithms, written once over the vocabulary of an instruction set. A set_*.c file defines
 * the vocabulary below and the three macros, then includes this file, which defines the set.
 *
 *     NORMA_SET_SYMBOL     norma_set_avx2
 *     NORMA_SET_NAME       "avx2"
 *     NORMA_SET_FEATURES   "avx2 fma"
 *     static bool available(void)
 *
 * Vocabulary. f32x16 is 16 floats and f64x16 is 16 doubles, in whatever registers they take; lane i
 * is element i. `count` is 1 to 15, and memory beyond it is neither read nor written.
 *
 * `element` is the type in memory of the tensors' elements; a typedef of the set. The functions
 * that load and store elements are the only ones that depend on it, as arithmetic is done in float
 * and double.
 *
 *     f32x16 load(const element *p)          f32x16 load_tail(const element *p, int count)
 *     void store(element *p, f32x16 v)       void store_tail(element *p, int count, f32x16 v)
 *     void stream(element *p, f32x16 v)      past the caches; p is a multiple of 16 elements' size
 *     void stream_fence(void)                after the last stream of a thread
 *     f64x16 widen_load(const element *p)
 *     f64x16 widen_load_tail(const element *p, int count, float fill)
 *                                            absent lanes are `fill`
 *
 * Parameters and coefficients are floats, and sums are doubles, whatever the elements are. A set
 * whose elements are not floats defines NORMA_SET_CONVERTS_ELEMENTS, element_value, and load32,
 * load32_tail, store32, store32_tail, widen_load32 and widen_load32_tail, which do on floats what
 * the above do on elements; they are defined below for all others.
 *
 *     f64x16 load64(const double *p)         void store64(double *p, f64x16 v)
 *
 *     f32x16 splat32(float a)                f32x16 add32(f32x16 a, f32x16 b)
 *     f32x16 sub32(f32x16 a, f32x16 b)       f32x16 mul32(f32x16 a, f32x16 b)
 *     f32x16 div32(f32x16 a, f32x16 b)       f32x16 fma32(f32x16 a, f32x16 b, f32x16 c)
 *     f32x16 relu_mask(f32x16 v, f32x16 y)   +0 where y <= 0, else v (also where y is NaN)
 *     f32x16 join_lanes(f32x16 first, int count, f32x16 rest)
 *                                            lanes below count are those of first
 *     f32x16 select_by_label(const uint8_t *labels, uint8_t label, f32x16 yes, f32x16 no)
 *                                            yes where labels[i] == label; reads 16 labels
 *     f64x16 widen(f32x16 v)                 f32x16 narrow(f64x16 v)
 *     f64x16 splat64(double a)               f64x16 add64(f64x16 a, f64x16 b)
 *     f64x16 sub64(f64x16 a, f64x16 b)       f64x16 mul64(f64x16 a, f64x16 b)
 *     f64x16 div64(f64x16 a, f64x16 b)       f64x16 fma64(f64x16 a, f64x16 b, f64x16 c)
 *     double sum64(f64x16 v)                 in the tree (i, i+8), (i, i+4), (i, i+2), (i, i+1)
 *     f64x16 sums64(const f64x16 *v)         lane i is sum64(v[i]). A set where 16 sums at once are
 *                                            faster than one by one defines it, and
 *                                            NORMA_SET_SUMS64
 *
 * A set without an fma instruction defines NORMA_SET_WITHOUT_FMA: where a product is exact, a
 * multiplication and an addition give the same bits.
 *
 * Neither this file nor its parts include a system header, because set_highway.cc includes them
 * inside a namespace. sets.h includes the headers that they need.
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

#ifndef NORMA_SET_CONVERTS_ELEMENTS
/* Returns the value of a single element. */
NORMA_STEP float element_value(const element *p) {
    return *p;
}

NORMA_STEP f32x16 load32(const float *p) {
    return load(p);
}

NORMA_STEP f32x16 load32_tail(const float *p, int count) {
    return load_tail(p, count);
}

NORMA_STEP void store32(float *p, f32x16 v) {
    store(p, v);
}

NORMA_STEP void store32_tail(float *p, int count, f32x16 v) {
    store_tail(p, count, v);
}

NORMA_STEP f64x16 widen_load32(const float *p) {
    return widen_load(p);
}

NORMA_STEP f64x16 widen_load32_tail(const float *p, int count, float fill) {
    return widen_load_tail(p, count, fill);
}
#endif

/* ---- elements ----------------------------------------------------------------------------- */

NORMA_STEP const element *element_at(const void *tensor, int64_t i) {
    return (const element *)tensor + i;
}

NORMA_STEP element *output_at(void *tensor, int64_t i) {
    return (element *)tensor + i;
}

NORMA_STEP f32x16 get(const void *tensor, int64_t i, int count) {
    const element *p = element_at(tensor, i);
    return count == NORMA_LANES ? load(p) : load_tail(p, count);
}

/* Loads straight from memory to double, which is one instruction where widening a register takes
 * several. The absent lanes of a tail are unspecified. */
NORMA_STEP f64x16 get_wide(const void *tensor, int64_t i, int count) {
    const element *p = element_at(tensor, i);
    return count == NORMA_LANES ? widen_load(p) : widen(load_tail(p, count));
}

/* The same, but absent lanes are `fill`. */
NORMA_STEP f64x16 get_wide_filled(const void *tensor, int64_t i, int count, float fill) {
    const element *p = element_at(tensor, i);
    return count == NORMA_LANES ? widen_load(p) : widen_load_tail(p, count, fill);
}

NORMA_STEP void put(void *tensor, int64_t i, int count, f32x16 v) {
    element *p = output_at(tensor, i);
    if (count == NORMA_LANES) {
        store(p, v);
    } else {
        store_tail(p, count, v);
    }
}

/* Streams whole vectors, which must then be aligned to their size. */
NORMA_STEP void put_or_stream(void *tensor, int64_t i, int count, f32x16 v, bool nontemporal) {
    if (nontemporal && count == NORMA_LANES) {
        stream(output_at(tensor, i), v);
    } else {
        put(tensor, i, count, v);
    }
}

/* Returns how many of `length` elements precede the first that a vector may be streamed to. */
static inline int64_t unaligned_head(const void *p, int64_t length) {
    const int64_t head = (int64_t)(-(uintptr_t)p / sizeof(element) % NORMA_LANES);
    return head < length ? head : length;
}

/* The place of an element that may lie beyond the end of the tensor: a prefetch of it cannot fault,
 * but C has no pointer to it. */
NORMA_STEP const void *prefetched(const element *p, int64_t elements) {
    return (const void *)((uintptr_t)p + (uintptr_t)elements * sizeof *p);
}

/* Prefetches into the second cache. */
NORMA_STEP void prefetch_ahead(const element *p, int64_t elements) {
    enum { TO_READ, SECOND_CACHE = 2 };
    __builtin_prefetch(prefetched(p, elements), TO_READ, SECOND_CACHE);
}

/* Returns `yes` in the selected lanes and `no` in the others. The labels of absent lanes are
 * replaced by one that is not selected. */
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

/* ---- parameters, coefficients and sums ---------------------------------------------------- */

NORMA_STEP f32x16 get32(const float *p, int count) {
    return count == NORMA_LANES ? load32(p) : load32_tail(p, count);
}

NORMA_STEP f64x16 get32_wide(const float *p, int count) {
    return count == NORMA_LANES ? widen_load32(p) : widen(load32_tail(p, count));
}

NORMA_STEP void put32(float *p, int count, f32x16 v) {
    if (count == NORMA_LANES) {
        store32(p, v);
    } else {
        store32_tail(p, count, v);
    }
}

NORMA_STEP f64x16 get64(const double *p, int count) {
    if (count == NORMA_LANES) {
        return load64(p);
    }
    double lanes[NORMA_LANES] = {0};
    memcpy(lanes, p, (size_t)count * sizeof *p);
    return load64(lanes);
}

NORMA_STEP void put64(double *p, int count, f64x16 v) {
    if (count == NORMA_LANES) {
        store64(p, v);
        return;
    }
    double lanes[NORMA_LANES];
    store64(lanes, v);
    memcpy(p, lanes, (size_t)count * sizeof *p);
}

/* ---- spans shorter than a vector ----------------------------------------------------------
 *
 * Vectors of one such span each are mostly empty. So 16 of these spans are taken together: sums are
 * taken with each span in a lane, and an affine of all their elements as if they were one span.
 * Lengths that are frequent and divide a vector have code of their own, in which compilers move
 * elements between lanes instead of one by one. */

/* Writes 16 such spans so that the vector of number i has element i of each. */
NORMA_STEP void transpose_tails(const void *spans, int64_t length, float *columns) {
    for (int r = 0; r < NORMA_LANES; r++) {
        for (int64_t i = 0; i < length; i++) {
            columns[i * NORMA_LANES + r] = element_value(element_at(spans, r * length + i));
        }
    }
}

/* Returns in each lane the sum of a span, whose element i is in `elements[i]`, in the order in
 * which sum64 adds the lanes of a vector whose other lanes are +0. No element may be -0. */
NORMA_STEP f64x16 sum_tails(f64x16 *elements, int64_t length) {
    for (int step = NORMA_LANES / 2; step > 0; step /= 2) {
        for (int i = 0; i < step && i + step < length; i++) {
            elements[i] = add64(elements[i], elements[i + step]);
        }
    }
    return elements[0];
}

enum {
    /* The longest span that is summed in a lane: moving the elements of longer ones there takes
     * longer than their empty lanes. */
    IN_A_LANE = NORMA_LANES / 2,
    /* Elements of such spans whose coefficients are repeated at a time: they stay in the L1 cache,
     * and have as many whole vectors. */
    TAIL_ELEMENTS = NORMA_LANES * NORMA_LANES,
    REPEATED = TAIL_ELEMENTS + NORMA_LANES
};

/* Returns how many spans those are. */
static inline int64_t tails_together(int64_t length) {
    return NORMA_LANES * (NORMA_LANES / length);
}

NORMA_STEP void repeat_each(const float *coefficients, int64_t spans, int64_t length,
                            float *elements) {
    for (int64_t r = 0; r < spans; r++) {
        for (int64_t i = 0; i < length; i++) {
            elements[r * length + i] = coefficients[r];
        }
    }
}

/* Writes the coefficient of each span once for each of its elements, and beyond the last perhaps up
 * to a vector less one. */
static __attribute__((noinline)) void repeat_coefficients(const float *coefficients, int64_t spans,
                                                          int64_t length, float *elements) {
    switch (length) {
    case 2:
        repeat_each(coefficients, spans, 2, elements);
        return;
    case 4:
        repeat_each(coefficients, spans, 4, elements);
        return;
    case 8:
        repeat_each(coefficients, spans, 8, elements);
        return;
    default:
        for (int64_t r = 0; r < spans; r++) {
            store32(elements + r * length, splat32(coefficients[r]));
        }
    }
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
