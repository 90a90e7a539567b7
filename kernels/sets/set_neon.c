/* The NEON vocabulary: 16 floats in four registers, 16 doubles in eight. It is for 64-bit Arm only,
 * where NEON has doubles and fma, and every processor has NEON.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <arm_neon.h>

#include "kernels/sets/sets.h"

#define NORMA_SET_SYMBOL   norma_set_neon
#define NORMA_SET_NAME     "neon"
#define NORMA_SET_FEATURES "neon"

/* An element of a tensor, in memory. */
typedef float element;

typedef struct {
    float32x4_t quarter[4];
} f32x16;
typedef struct {
    float64x2_t eighth[8];
} f64x16;

static bool available(void) {
    return true;
}

/* ---- memory ------------------------------------------------------------------------------- */

static inline f32x16 load(const element *p) {
    return (f32x16){{vld1q_f32(p), vld1q_f32(p + 4), vld1q_f32(p + 8), vld1q_f32(p + 12)}};
}

static inline void store(element *p, f32x16 v) {
    for (int i = 0; i < 4; i++) {
        vst1q_f32(p + 4 * i, v.quarter[i]);
    }
}

/* Loads up to four elements. NEON has no masks, so what does not fill a register is loaded lane by
 * lane. */
static inline float32x4_t load_quarter(const element *p, int count, float fill) {
    if (count >= 4) {
        return vld1q_f32(p);
    }
    float32x4_t v = vdupq_n_f32(fill);
    if (count > 0) {
        v = vld1q_lane_f32(p, v, 0);
    }
    if (count > 1) {
        v = vld1q_lane_f32(p + 1, v, 1);
    }
    if (count > 2) {
        v = vld1q_lane_f32(p + 2, v, 2);
    }
    return v;
}

static inline f32x16 load_filled(const element *p, int count, float fill) {
    f32x16 v;
    for (int i = 0; i < 4; i++) {
        v.quarter[i] = load_quarter(p + 4 * i, count - 4 * i, fill);
    }
    return v;
}

static inline f32x16 load_tail(const element *p, int count) {
    return load_filled(p, count, 0.0f);
}

static inline void store_quarter(element *p, int count, float32x4_t v) {
    if (count >= 4) {
        vst1q_f32(p, v);
        return;
    }
    if (count > 0) {
        vst1q_lane_f32(p, v, 0);
    }
    if (count > 1) {
        vst1q_lane_f32(p + 1, v, 1);
    }
    if (count > 2) {
        vst1q_lane_f32(p + 2, v, 2);
    }
}

static inline void store_tail(element *p, int count, f32x16 v) {
    for (int i = 0; i < 4; i++) {
        store_quarter(p + 4 * i, count - 4 * i, v.quarter[i]);
    }
}

/* Uses assembly, as gcc has no built-in function for it. The instruction is a hint, which
 * processors may ignore. */
static inline void stream(element *p, f32x16 v) {
    __asm__("stnp %q1, %q2, [%5]\n\t"
            "stnp %q3, %q4, [%5, #32]"
            : "=m"(*(float(*)[NORMA_LANES])p)
            : "w"(v.quarter[0]), "w"(v.quarter[1]), "w"(v.quarter[2]), "w"(v.quarter[3]), "r"(p));
}

/* These stores are ordered by the same instructions as all others. */
static inline void stream_fence(void) {
}

static inline f64x16 load64(const double *p) {
    f64x16 v;
    for (int i = 0; i < 8; i++) {
        v.eighth[i] = vld1q_f64(p + 2 * i);
    }
    return v;
}

static inline void store64(double *p, f64x16 v) {
    for (int i = 0; i < 8; i++) {
        vst1q_f64(p + 2 * i, v.eighth[i]);
    }
}

/* ---- floats and doubles ------------------------------------------------------------------- */

static inline f64x16 widen(f32x16 v) {
    f64x16 wide;
    for (int i = 0; i < 4; i++) {
        wide.eighth[2 * i] = vcvt_f64_f32(vget_low_f32(v.quarter[i]));
        wide.eighth[2 * i + 1] = vcvt_high_f64_f32(v.quarter[i]);
    }
    return wide;
}

static inline f32x16 narrow(f64x16 v) {
    f32x16 small;
    for (int i = 0; i < 4; i++) {
        small.quarter[i] = vcvt_high_f32_f64(vcvt_f32_f64(v.eighth[2 * i]), v.eighth[2 * i + 1]);
    }
    return small;
}

static inline f64x16 widen_load(const element *p) {
    return widen(load(p));
}

static inline f64x16 widen_load_tail(const element *p, int count, float fill) {
    return widen(load_filled(p, count, fill));
}

/* ---- floats ------------------------------------------------------------------------------- */

static inline f32x16 splat32(float a) {
    const float32x4_t v = vdupq_n_f32(a);
    return (f32x16){{v, v, v, v}};
}

static inline f32x16 add32(f32x16 a, f32x16 b) {
    for (int i = 0; i < 4; i++) {
        a.quarter[i] = vaddq_f32(a.quarter[i], b.quarter[i]);
    }
    return a;
}

static inline f32x16 sub32(f32x16 a, f32x16 b) {
    for (int i = 0; i < 4; i++) {
        a.quarter[i] = vsubq_f32(a.quarter[i], b.quarter[i]);
    }
    return a;
}

static inline f32x16 mul32(f32x16 a, f32x16 b) {
    for (int i = 0; i < 4; i++) {
        a.quarter[i] = vmulq_f32(a.quarter[i], b.quarter[i]);
    }
    return a;
}

static inline f32x16 div32(f32x16 a, f32x16 b) {
    for (int i = 0; i < 4; i++) {
        a.quarter[i] = vdivq_f32(a.quarter[i], b.quarter[i]);
    }
    return a;
}

static inline f32x16 fma32(f32x16 a, f32x16 b, f32x16 c) {
    for (int i = 0; i < 4; i++) {
        c.quarter[i] = vfmaq_f32(c.quarter[i], a.quarter[i], b.quarter[i]);
    }
    return c;
}

static inline f32x16 relu_mask(f32x16 v, f32x16 y) {
    for (int i = 0; i < 4; i++) {
        v.quarter[i] = vbslq_f32(vclezq_f32(y.quarter[i]), vdupq_n_f32(0.0f), v.quarter[i]);
    }
    return v;
}

static inline f32x16 join_lanes(f32x16 first, int count, f32x16 rest) {
    static const int32_t numbers[4] = {0, 1, 2, 3};
    const int32x4_t lanes = vld1q_s32(numbers);
    for (int i = 0; i < 4; i++) {
        const uint32x4_t mask = vcltq_s32(lanes, vdupq_n_s32(count - 4 * i));
        rest.quarter[i] = vbslq_f32(mask, first.quarter[i], rest.quarter[i]);
    }
    return rest;
}

/* A comparison of bytes gives -1 or 0 in each; widened as signed numbers these are masks of the
 * lanes' width. */
static inline f32x16 select_by_label(const uint8_t *labels, uint8_t label, f32x16 yes, f32x16 no) {
    const int8x16_t equal = vreinterpretq_s8_u8(vceqq_u8(vld1q_u8(labels), vdupq_n_u8(label)));
    const int16x8_t half[2] = {vmovl_s8(vget_low_s8(equal)), vmovl_high_s8(equal)};
    for (int i = 0; i < 4; i++) {
        const int32x4_t mask =
            i % 2 == 0 ? vmovl_s16(vget_low_s16(half[i / 2])) : vmovl_high_s16(half[i / 2]);
        no.quarter[i] = vbslq_f32(vreinterpretq_u32_s32(mask), yes.quarter[i], no.quarter[i]);
    }
    return no;
}

/* ---- doubles ------------------------------------------------------------------------------ */

static inline f64x16 splat64(double a) {
    const float64x2_t v = vdupq_n_f64(a);
    return (f64x16){{v, v, v, v, v, v, v, v}};
}

static inline f64x16 add64(f64x16 a, f64x16 b) {
    for (int i = 0; i < 8; i++) {
        a.eighth[i] = vaddq_f64(a.eighth[i], b.eighth[i]);
    }
    return a;
}

static inline f64x16 sub64(f64x16 a, f64x16 b) {
    for (int i = 0; i < 8; i++) {
        a.eighth[i] = vsubq_f64(a.eighth[i], b.eighth[i]);
    }
    return a;
}

static inline f64x16 mul64(f64x16 a, f64x16 b) {
    for (int i = 0; i < 8; i++) {
        a.eighth[i] = vmulq_f64(a.eighth[i], b.eighth[i]);
    }
    return a;
}

static inline f64x16 div64(f64x16 a, f64x16 b) {
    for (int i = 0; i < 8; i++) {
        a.eighth[i] = vdivq_f64(a.eighth[i], b.eighth[i]);
    }
    return a;
}

static inline f64x16 fma64(f64x16 a, f64x16 b, f64x16 c) {
    for (int i = 0; i < 8; i++) {
        c.eighth[i] = vfmaq_f64(c.eighth[i], a.eighth[i], b.eighth[i]);
    }
    return c;
}

static inline double sum64(f64x16 v) {
    for (int half = 4; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) {
            v.eighth[i] = vaddq_f64(v.eighth[i], v.eighth[i + half]);
        }
    }
    return vaddvq_f64(v.eighth[0]);
}

#include "kernels/sets/template.h"
