/* The portable vocabulary: plain C11, for any machine. Read this one first.
 *
 * fma() is part of the bits. Where the compiler's baseline has no such instruction (x86-64 without
 * -mfma) it is a library call for each element, which makes this set slow there; such machines have
 * a set written by hand.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "kernels/sets/sets.h"

#define NORMA_SET_SYMBOL   norma_set_portable
#define NORMA_SET_NAME     "portable"
#define NORMA_SET_FEATURES ""

#ifndef FP_FAST_FMA
#define NORMA_SET_WITHOUT_FMA
#endif

/* An element of a tensor, in memory. */
typedef float element;

typedef struct {
    float lane[NORMA_LANES];
} f32x16;
typedef struct {
    double lane[NORMA_LANES];
} f64x16;

static bool available(void) {
    return true;
}

static inline f32x16 load_tail(const element *p, int count) {
    f32x16 v = {{0}};
    for (int i = 0; i < count; i++) {
        v.lane[i] = p[i];
    }
    return v;
}

static inline f32x16 load(const element *p) {
    return load_tail(p, NORMA_LANES);
}

static inline void store_tail(element *p, int count, f32x16 v) {
    for (int i = 0; i < count; i++) {
        p[i] = v.lane[i];
    }
}

static inline void store(element *p, f32x16 v) {
    store_tail(p, NORMA_LANES, v);
}

/* An ordinary store, as C has no other. */
static inline void stream(element *p, f32x16 v) {
    store(p, v);
}

static inline void stream_fence(void) {
}

static inline f32x16 splat32(float a) {
    f32x16 v;
    for (int i = 0; i < NORMA_LANES; i++) {
        v.lane[i] = a;
    }
    return v;
}

static inline f32x16 add32(f32x16 a, f32x16 b) {
    for (int i = 0; i < NORMA_LANES; i++) {
        a.lane[i] += b.lane[i];
    }
    return a;
}

static inline f32x16 sub32(f32x16 a, f32x16 b) {
    for (int i = 0; i < NORMA_LANES; i++) {
        a.lane[i] -= b.lane[i];
    }
    return a;
}

static inline f32x16 mul32(f32x16 a, f32x16 b) {
    for (int i = 0; i < NORMA_LANES; i++) {
        a.lane[i] *= b.lane[i];
    }
    return a;
}

static inline f32x16 div32(f32x16 a, f32x16 b) {
    for (int i = 0; i < NORMA_LANES; i++) {
        a.lane[i] /= b.lane[i];
    }
    return a;
}

static inline f32x16 relu_mask(f32x16 v, f32x16 y) {
    for (int i = 0; i < NORMA_LANES; i++) {
        v.lane[i] = y.lane[i] <= 0.0f ? 0.0f : v.lane[i];
    }
    return v;
}

static inline f32x16 join_lanes(f32x16 first, int count, f32x16 rest) {
    for (int i = 0; i < count; i++) {
        rest.lane[i] = first.lane[i];
    }
    return rest;
}

static inline f32x16 select_by_label(const uint8_t *labels, uint8_t label, f32x16 yes, f32x16 no) {
    for (int i = 0; i < NORMA_LANES; i++) {
        no.lane[i] = labels[i] == label ? yes.lane[i] : no.lane[i];
    }
    return no;
}

static inline f32x16 fma32(f32x16 a, f32x16 b, f32x16 c) {
    for (int i = 0; i < NORMA_LANES; i++) {
        a.lane[i] = fmaf(a.lane[i], b.lane[i], c.lane[i]);
    }
    return a;
}

static inline f64x16 widen(f32x16 v) {
    f64x16 wide;
    for (int i = 0; i < NORMA_LANES; i++) {
        wide.lane[i] = (double)v.lane[i];
    }
    return wide;
}

static inline f32x16 narrow(f64x16 v) {
    f32x16 small;
    for (int i = 0; i < NORMA_LANES; i++) {
        small.lane[i] = (float)v.lane[i];
    }
    return small;
}

static inline f64x16 widen_load_tail(const element *p, int count, float fill) {
    f64x16 v;
    for (int i = 0; i < NORMA_LANES; i++) {
        v.lane[i] = (double)(i < count ? p[i] : fill);
    }
    return v;
}

static inline f64x16 widen_load(const element *p) {
    return widen_load_tail(p, NORMA_LANES, 0.0f);
}

static inline f64x16 load64(const double *p) {
    f64x16 v;
    for (int i = 0; i < NORMA_LANES; i++) {
        v.lane[i] = p[i];
    }
    return v;
}

static inline void store64(double *p, f64x16 v) {
    for (int i = 0; i < NORMA_LANES; i++) {
        p[i] = v.lane[i];
    }
}

static inline f64x16 splat64(double a) {
    f64x16 v;
    for (int i = 0; i < NORMA_LANES; i++) {
        v.lane[i] = a;
    }
    return v;
}

static inline f64x16 sub64(f64x16 a, f64x16 b) {
    for (int i = 0; i < NORMA_LANES; i++) {
        a.lane[i] -= b.lane[i];
    }
    return a;
}

static inline f64x16 add64(f64x16 a, f64x16 b) {
    for (int i = 0; i < NORMA_LANES; i++) {
        a.lane[i] += b.lane[i];
    }
    return a;
}

static inline f64x16 mul64(f64x16 a, f64x16 b) {
    for (int i = 0; i < NORMA_LANES; i++) {
        a.lane[i] *= b.lane[i];
    }
    return a;
}

static inline f64x16 div64(f64x16 a, f64x16 b) {
    for (int i = 0; i < NORMA_LANES; i++) {
        a.lane[i] /= b.lane[i];
    }
    return a;
}

static inline f64x16 fma64(f64x16 a, f64x16 b, f64x16 c) {
    for (int i = 0; i < NORMA_LANES; i++) {
        a.lane[i] = fma(a.lane[i], b.lane[i], c.lane[i]);
    }
    return a;
}

static inline double sum64(f64x16 v) {
    for (int half = NORMA_LANES / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) {
            v.lane[i] += v.lane[i + half];
        }
    }
    return v.lane[0];
}

#include "kernels/sets/template.h"
