/* The AVX-512 vocabulary: 16 floats in one register, 16 doubles in two. It needs no more than the
 * foundation subset (AVX512F).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <immintrin.h>

#include "kernels/sets/sets.h"

#define NORMA_SET_SYMBOL   norma_set_avx512
#define NORMA_SET_NAME     "avx512"
#define NORMA_SET_FEATURES "avx512f fma"

/* An element of a tensor, in memory. */
typedef float element;

typedef __m512 f32x16;
typedef struct {
    __m512d low, high;
} f64x16;

static bool available(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("fma");
}

static inline __mmask16 first_lanes(int count) {
    return (__mmask16)((1u << count) - 1u);
}

static inline f32x16 load(const element *p) {
    return _mm512_loadu_ps(p);
}

static inline f32x16 load_tail(const element *p, int count) {
    return _mm512_maskz_loadu_ps(first_lanes(count), p);
}

static inline void store(element *p, f32x16 v) {
    _mm512_storeu_ps(p, v);
}

static inline void stream(element *p, f32x16 v) {
    _mm512_stream_ps(p, v);
}

static inline void stream_fence(void) {
    _mm_sfence();
}

static inline void store_tail(element *p, int count, f32x16 v) {
    _mm512_mask_storeu_ps(p, first_lanes(count), v);
}

static inline f32x16 splat32(float a) {
    return _mm512_set1_ps(a);
}

static inline f32x16 add32(f32x16 a, f32x16 b) {
    return _mm512_add_ps(a, b);
}

static inline f32x16 sub32(f32x16 a, f32x16 b) {
    return _mm512_sub_ps(a, b);
}

static inline f32x16 mul32(f32x16 a, f32x16 b) {
    return _mm512_mul_ps(a, b);
}

static inline f32x16 div32(f32x16 a, f32x16 b) {
    return _mm512_div_ps(a, b);
}

static inline f32x16 relu_mask(f32x16 v, f32x16 y) {
    return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(y, _mm512_setzero_ps(), _CMP_NLE_UQ), v);
}

static inline f32x16 join_lanes(f32x16 first, int count, f32x16 rest) {
    return _mm512_mask_mov_ps(rest, first_lanes(count), first);
}

static inline f32x16 select_by_label(const uint8_t *labels, uint8_t label, f32x16 yes, f32x16 no) {
    const __m512i wide = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)labels));
    return _mm512_mask_mov_ps(no, _mm512_cmpeq_epi32_mask(wide, _mm512_set1_epi32(label)), yes);
}

static inline f32x16 fma32(f32x16 a, f32x16 b, f32x16 c) {
    return _mm512_fmadd_ps(a, b, c);
}

static inline f64x16 widen_load(const element *p) {
    return (f64x16){_mm512_cvtps_pd(_mm256_loadu_ps(p)), _mm512_cvtps_pd(_mm256_loadu_ps(p + 8))};
}

static inline f64x16 widen(f32x16 v) {
    const __m256 high = _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(v), 1));
    return (f64x16){_mm512_cvtps_pd(_mm512_castps512_ps256(v)), _mm512_cvtps_pd(high)};
}

static inline f64x16 widen_load_tail(const element *p, int count, float fill) {
    return widen(_mm512_mask_loadu_ps(_mm512_set1_ps(fill), first_lanes(count), p));
}

static inline f32x16 narrow(f64x16 v) {
    const __m512 low = _mm512_castps256_ps512(_mm512_cvtpd_ps(v.low));
    const __m256d high = _mm256_castps_pd(_mm512_cvtpd_ps(v.high));
    return _mm512_castpd_ps(_mm512_insertf64x4(_mm512_castps_pd(low), high, 1));
}

static inline f64x16 load64(const double *p) {
    return (f64x16){_mm512_loadu_pd(p), _mm512_loadu_pd(p + 8)};
}

static inline void store64(double *p, f64x16 v) {
    _mm512_storeu_pd(p, v.low);
    _mm512_storeu_pd(p + 8, v.high);
}

static inline f64x16 splat64(double a) {
    return (f64x16){_mm512_set1_pd(a), _mm512_set1_pd(a)};
}

static inline f64x16 sub64(f64x16 a, f64x16 b) {
    return (f64x16){_mm512_sub_pd(a.low, b.low), _mm512_sub_pd(a.high, b.high)};
}

static inline f64x16 add64(f64x16 a, f64x16 b) {
    return (f64x16){_mm512_add_pd(a.low, b.low), _mm512_add_pd(a.high, b.high)};
}

static inline f64x16 mul64(f64x16 a, f64x16 b) {
    return (f64x16){_mm512_mul_pd(a.low, b.low), _mm512_mul_pd(a.high, b.high)};
}

static inline f64x16 div64(f64x16 a, f64x16 b) {
    return (f64x16){_mm512_div_pd(a.low, b.low), _mm512_div_pd(a.high, b.high)};
}

static inline f64x16 fma64(f64x16 a, f64x16 b, f64x16 c) {
    return (f64x16){_mm512_fmadd_pd(a.low, b.low, c.low), _mm512_fmadd_pd(a.high, b.high, c.high)};
}

/* Does not use _mm512_reduce_add_pd, inside of which the order is the compiler's choice. */
static inline double sum64(f64x16 v) {
    const __m512d eight = _mm512_add_pd(v.low, v.high);
    const __m256d four =
        _mm256_add_pd(_mm512_castpd512_pd256(eight), _mm512_extractf64x4_pd(eight, 1));
    const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
    return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
}

#define NORMA_SET_SUMS64

/* Returns the sums of eight vectors. The halves that remain of two vectors after an addition are
 * put into one, so that eight sums cost seven additions. */
static inline __m512d sums_of_eight(const f64x16 *v) {
    /* Unpacking interleaves its operands; this order undoes it. */
    static const int place[8] = {0, 2, 4, 6, 1, 3, 5, 7};
    __m512d eight[8], four[4], two[2];
    for (int i = 0; i < 8; i++) {
        eight[i] = _mm512_add_pd(v[place[i]].low, v[place[i]].high);
    }
    for (int i = 0; i < 4; i++) {
        const __m512d a = eight[2 * i], b = eight[2 * i + 1];
        four[i] = _mm512_add_pd(_mm512_shuffle_f64x2(a, b, 0x44), _mm512_shuffle_f64x2(a, b, 0xee));
    }
    for (int i = 0; i < 2; i++) {
        const __m512d a = four[2 * i], b = four[2 * i + 1];
        two[i] = _mm512_add_pd(_mm512_shuffle_f64x2(a, b, 0x88), _mm512_shuffle_f64x2(a, b, 0xdd));
    }
    return _mm512_add_pd(_mm512_unpacklo_pd(two[0], two[1]), _mm512_unpackhi_pd(two[0], two[1]));
}

static inline f64x16 sums64(const f64x16 *v) {
    return (f64x16){sums_of_eight(v), sums_of_eight(v + 8)};
}

#include "kernels/sets/template.h"
