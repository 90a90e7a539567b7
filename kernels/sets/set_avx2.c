/* The AVX2 + FMA vocabulary: 16 floats in two registers, 16 doubles in four.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <immintrin.h>

#include "kernels/sets/sets.h"

#define NORMA_SET_SYMBOL   norma_set_avx2
#define NORMA_SET_NAME     "avx2"
#define NORMA_SET_FEATURES "avx2 fma"

/* An element of a tensor, in memory. */
typedef float element;

typedef struct {
    __m256 low, high;
} f32x16;
typedef struct {
    __m256d quarter[4];
} f64x16;

static bool available(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

/* Makes the mask of the first `count` lanes: a window on sixteen ones followed by sixteen zeros. */
static inline void first_lanes(int count, __m256i *low, __m256i *high) {
    static const int32_t ones_then_zeros[2 * NORMA_LANES] = {-1, -1, -1, -1, -1, -1, -1, -1,
                                                             -1, -1, -1, -1, -1, -1, -1, -1};
    const int32_t *window = ones_then_zeros + NORMA_LANES - count;
    *low = _mm256_loadu_si256((const __m256i *)window);
    *high = _mm256_loadu_si256((const __m256i *)(window + 8));
}

static inline f32x16 load(const element *p) {
    return (f32x16){_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)};
}

/* A masked load does not fault for absent lanes, so p + 8 may lie beyond the buffer. */
static inline f32x16 load_tail(const element *p, int count) {
    __m256i low, high;
    first_lanes(count, &low, &high);
    return (f32x16){_mm256_maskload_ps(p, low), _mm256_maskload_ps(p + 8, high)};
}

static inline void store(element *p, f32x16 v) {
    _mm256_storeu_ps(p, v.low);
    _mm256_storeu_ps(p + 8, v.high);
}

static inline void stream(element *p, f32x16 v) {
    _mm256_stream_ps(p, v.low);
    _mm256_stream_ps(p + 8, v.high);
}

static inline void stream_fence(void) {
    _mm_sfence();
}

static inline void store_tail(element *p, int count, f32x16 v) {
    __m256i low, high;
    first_lanes(count, &low, &high);
    _mm256_maskstore_ps(p, low, v.low);
    _mm256_maskstore_ps(p + 8, high, v.high);
}

static inline f32x16 splat32(float a) {
    return (f32x16){_mm256_set1_ps(a), _mm256_set1_ps(a)};
}

static inline f32x16 add32(f32x16 a, f32x16 b) {
    return (f32x16){_mm256_add_ps(a.low, b.low), _mm256_add_ps(a.high, b.high)};
}

static inline f32x16 sub32(f32x16 a, f32x16 b) {
    return (f32x16){_mm256_sub_ps(a.low, b.low), _mm256_sub_ps(a.high, b.high)};
}

static inline f32x16 mul32(f32x16 a, f32x16 b) {
    return (f32x16){_mm256_mul_ps(a.low, b.low), _mm256_mul_ps(a.high, b.high)};
}

static inline f32x16 div32(f32x16 a, f32x16 b) {
    return (f32x16){_mm256_div_ps(a.low, b.low), _mm256_div_ps(a.high, b.high)};
}

static inline __m256 relu_mask_half(__m256 v, __m256 y) {
    return _mm256_and_ps(v, _mm256_cmp_ps(y, _mm256_setzero_ps(), _CMP_NLE_UQ));
}

static inline f32x16 relu_mask(f32x16 v, f32x16 y) {
    return (f32x16){relu_mask_half(v.low, y.low), relu_mask_half(v.high, y.high)};
}

static inline f32x16 join_lanes(f32x16 first, int count, f32x16 rest) {
    __m256i low, high;
    first_lanes(count, &low, &high);
    return (f32x16){_mm256_blendv_ps(rest.low, first.low, _mm256_castsi256_ps(low)),
                    _mm256_blendv_ps(rest.high, first.high, _mm256_castsi256_ps(high))};
}

/* Compares eight labels, widened to the width of the lanes. */
static inline __m256 select_half(__m128i labels, uint8_t label, __m256 yes, __m256 no) {
    const __m256i equal =
        _mm256_cmpeq_epi32(_mm256_cvtepu8_epi32(labels), _mm256_set1_epi32(label));
    return _mm256_blendv_ps(no, yes, _mm256_castsi256_ps(equal));
}

static inline f32x16 select_by_label(const uint8_t *labels, uint8_t label, f32x16 yes, f32x16 no) {
    const __m128i all = _mm_loadu_si128((const __m128i *)labels);
    return (f32x16){select_half(all, label, yes.low, no.low),
                    select_half(_mm_srli_si128(all, 8), label, yes.high, no.high)};
}

static inline f32x16 fma32(f32x16 a, f32x16 b, f32x16 c) {
    return (f32x16){_mm256_fmadd_ps(a.low, b.low, c.low), _mm256_fmadd_ps(a.high, b.high, c.high)};
}

static inline f64x16 widen(f32x16 v) {
    return (f64x16){{_mm256_cvtps_pd(_mm256_castps256_ps128(v.low)),
                     _mm256_cvtps_pd(_mm256_extractf128_ps(v.low, 1)),
                     _mm256_cvtps_pd(_mm256_castps256_ps128(v.high)),
                     _mm256_cvtps_pd(_mm256_extractf128_ps(v.high, 1))}};
}

static inline f32x16 narrow(f64x16 v) {
    return (f32x16){_mm256_set_m128(_mm256_cvtpd_ps(v.quarter[1]), _mm256_cvtpd_ps(v.quarter[0])),
                    _mm256_set_m128(_mm256_cvtpd_ps(v.quarter[3]), _mm256_cvtpd_ps(v.quarter[2]))};
}

static inline f64x16 widen_load(const element *p) {
    return (f64x16){{_mm256_cvtps_pd(_mm_loadu_ps(p)), _mm256_cvtps_pd(_mm_loadu_ps(p + 4)),
                     _mm256_cvtps_pd(_mm_loadu_ps(p + 8)), _mm256_cvtps_pd(_mm_loadu_ps(p + 12))}};
}

static inline f64x16 widen_load_tail(const element *p, int count, float fill) {
    __m256i low, high;
    first_lanes(count, &low, &high);
    const __m256 fills = _mm256_set1_ps(fill);
    const f32x16 v = load_tail(p, count);
    return widen((f32x16){_mm256_blendv_ps(fills, v.low, _mm256_castsi256_ps(low)),
                          _mm256_blendv_ps(fills, v.high, _mm256_castsi256_ps(high))});
}

static inline f64x16 load64(const double *p) {
    return (f64x16){{_mm256_loadu_pd(p), _mm256_loadu_pd(p + 4), _mm256_loadu_pd(p + 8),
                     _mm256_loadu_pd(p + 12)}};
}

static inline void store64(double *p, f64x16 v) {
    for (int i = 0; i < 4; i++) {
        _mm256_storeu_pd(p + 4 * i, v.quarter[i]);
    }
}

static inline f64x16 splat64(double a) {
    const __m256d v = _mm256_set1_pd(a);
    return (f64x16){{v, v, v, v}};
}

static inline f64x16 sub64(f64x16 a, f64x16 b) {
    f64x16 result;
    for (int i = 0; i < 4; i++) {
        result.quarter[i] = _mm256_sub_pd(a.quarter[i], b.quarter[i]);
    }
    return result;
}

static inline f64x16 add64(f64x16 a, f64x16 b) {
    f64x16 result;
    for (int i = 0; i < 4; i++) {
        result.quarter[i] = _mm256_add_pd(a.quarter[i], b.quarter[i]);
    }
    return result;
}

static inline f64x16 mul64(f64x16 a, f64x16 b) {
    f64x16 result;
    for (int i = 0; i < 4; i++) {
        result.quarter[i] = _mm256_mul_pd(a.quarter[i], b.quarter[i]);
    }
    return result;
}

static inline f64x16 div64(f64x16 a, f64x16 b) {
    f64x16 result;
    for (int i = 0; i < 4; i++) {
        result.quarter[i] = _mm256_div_pd(a.quarter[i], b.quarter[i]);
    }
    return result;
}

static inline f64x16 fma64(f64x16 a, f64x16 b, f64x16 c) {
    f64x16 result;
    for (int i = 0; i < 4; i++) {
        result.quarter[i] = _mm256_fmadd_pd(a.quarter[i], b.quarter[i], c.quarter[i]);
    }
    return result;
}

static inline double sum64(f64x16 v) {
    const __m256d low = _mm256_add_pd(v.quarter[0], v.quarter[2]);
    const __m256d high = _mm256_add_pd(v.quarter[1], v.quarter[3]);
    const __m256d four = _mm256_add_pd(low, high);
    const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
    return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
}

#define NORMA_SET_SUMS64

/* Returns the sums of four vectors. The halves that remain of two vectors after an addition are put
 * into one. */
static inline __m256d sums_of_four(const f64x16 *v) {
    /* Unpacking interleaves its operands; this order undoes it. */
    static const int place[4] = {0, 2, 1, 3};
    __m256d four[4], two[2];
    for (int i = 0; i < 4; i++) {
        const f64x16 *of = &v[place[i]];
        four[i] = _mm256_add_pd(_mm256_add_pd(of->quarter[0], of->quarter[2]),
                                _mm256_add_pd(of->quarter[1], of->quarter[3]));
    }
    for (int i = 0; i < 2; i++) {
        const __m256d a = four[2 * i], b = four[2 * i + 1];
        two[i] =
            _mm256_add_pd(_mm256_permute2f128_pd(a, b, 0x20), _mm256_permute2f128_pd(a, b, 0x31));
    }
    return _mm256_add_pd(_mm256_unpacklo_pd(two[0], two[1]), _mm256_unpackhi_pd(two[0], two[1]));
}

static inline f64x16 sums64(const f64x16 *v) {
    return (f64x16){
        {sums_of_four(v), sums_of_four(v + 4), sums_of_four(v + 8), sums_of_four(v + 12)}};
}

#include "kernels/sets/template.h"
