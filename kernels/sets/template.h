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
 *     f32x16 load(const float *p)                  f32x16 load_tail(const float *p, int count)
 *     void store(float *p, f32x16 v)               void store_tail(float *p, int count, f32x16 v)
 *     void stream(float *p, f32x16 v)              past the caches; p is a multiple of 64 bytes
 *     void stream_fence(void)                      after the last stream of a thread
 *     f32x16 splat(float a)                        f32x16 sub(f32x16 a, f32x16 b)
 *     f32x16 mul(f32x16 a, f32x16 b)               f32x16 fma32(f32x16 a, f32x16 b, f32x16 c)
 *     f64x16 widen_load(const float *p)
 *     f64x16 widen_load_tail(const float *p, int count, float fill)    absent lanes are `fill`
 *     f64x16 splat64(double a)                     f64x16 sub64(f64x16 a, f64x16 b)
 *     f64x16 add64(f64x16 a, f64x16 b)             f64x16 fma64(f64x16 a, f64x16 b, f64x16 c)
 *     double sum64(f64x16 v)       the tree (i, i+8), (i, i+4), (i, i+2), (i, i+1): part of the
 * bits
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/* Mean and sum of squared deviations of one run, in one trip over the data.
 *
 * Sums are taken in double of d = x - x[0]. The shift makes the one-pass formula
 * m2 = sum d^2 - (sum d)^2 / n safe for any |mean| >> sigma: x[0] is one of the data, so
 * (mean - x[0])^2 <= m2, hence sum d^2 <= (1 + n) m2, and the cancellation costs a factor of at
 * most 1 + n <= 4097 of 2^-53: some 1e-10, far below the rounding of the float result. Squares of
 * floats neither overflow nor underflow in double. Absent lanes of the tail hold x[0], so d = 0.
 *
 * Rejected: float sums about a guessed centre are faster in L1 (half the conversions), but need a
 * second trip when the guess was bad, and a rescue where squares leave the range of float. */
static void moments_of_run(const float *x, int64_t length, double *mean, double *m2) {
    const f64x16 first = splat64((double)x[0]);
    f64x16 sum = splat64(0.0);
    f64x16 squares = splat64(0.0);
    int64_t i = 0;
    for (; i + NORMA_LANES <= length; i += NORMA_LANES) {
        const f64x16 d = sub64(widen_load(x + i), first);
        sum = add64(sum, d);
        squares = fma64(d, d, squares);
    }
    if (i < length) {
        const f64x16 d = sub64(widen_load_tail(x + i, (int)(length - i), x[0]), first);
        sum = add64(sum, d);
        squares = fma64(d, d, squares);
    }
    const double total = sum64(sum);
    const double offset = total / (double)length;
    const double deviations = sum64(squares) - total * offset;
    *mean = (double)x[0] + offset;
    /* Rounding may leave a tiny negative; NaN fails the comparison and stays. */
    *m2 = deviations < 0.0 ? 0.0 : deviations;
}

static void moments(const float *x, int64_t length, int64_t runs, double *mean, double *m2) {
    for (int64_t r = 0; r < runs; r++) {
        moments_of_run(x + r * length, length, &mean[r], &m2[r]);
    }
}

/* Elements before the first multiple of 64 bytes: streams must be aligned to whole cache lines. */
static inline int64_t unaligned_head(const float *y, int64_t length) {
    const int64_t head = (int64_t)(-(uintptr_t)y / sizeof(float) % NORMA_LANES);
    return head < length ? head : length;
}

static inline void put(float *p, f32x16 v, bool streamed) {
    if (streamed) {
        stream(p, v);
    } else {
        store(p, v);
    }
}

/* The centre is subtracted first: x - centre is exact near the mean, where a * x + b would lose
 * |mean| / sigma units in the last place. */
static inline f32x16 affine(f32x16 x, f32x16 centre, f32x16 scale, f32x16 shift) {
    return fma32(sub(x, centre), scale, shift);
}

static inline void apply_to_run(const float *x, float *y, int64_t length, f32x16 centre,
                                f32x16 scale, f32x16 shift, bool streamed) {
    int64_t i = streamed ? unaligned_head(y, length) : 0;
    if (i > 0) {
        store_tail(y, (int)i, affine(load_tail(x, (int)i), centre, scale, shift));
    }
    for (; i + NORMA_LANES <= length; i += NORMA_LANES) {
        put(y + i, affine(load(x + i), centre, scale, shift), streamed);
    }
    if (i < length) {
        const int count = (int)(length - i);
        store_tail(y + i, count, affine(load_tail(x + i, count), centre, scale, shift));
    }
}

static void apply(const float *x, float *y, int64_t length, int64_t runs, const float *centre,
                  const float *scale, const float *shift) {
    for (int64_t r = 0; r < runs; r++) {
        apply_to_run(x + r * length, y + r * length, length, splat(centre[r]), splat(scale[r]),
                     splat(shift[r]), false);
    }
}

static void apply_streamed(const float *x, float *y, int64_t length, int64_t runs,
                           const float *centre, const float *scale, const float *shift) {
    for (int64_t r = 0; r < runs; r++) {
        apply_to_run(x + r * length, y + r * length, length, splat(centre[r]), splat(scale[r]),
                     splat(shift[r]), true);
    }
    stream_fence();
}

/* 1 - alpha is rounded before the fma so that alpha = 0 gives exactly x, and alpha = 1 exactly
 * weight * x. */
static inline f32x16 blended(f32x16 x, f32x16 alpha, f32x16 weight) {
    return mul(x, fma32(alpha, weight, sub(splat(1.0f), alpha)));
}

static void blend(const float *x, float *y, int64_t length, const float *alpha, float weight) {
    const f32x16 weights = splat(weight);
    int64_t i = 0;
    for (; i + NORMA_LANES <= length; i += NORMA_LANES) {
        store(y + i, blended(load(x + i), load(alpha + i), weights));
    }
    if (i < length) {
        const int count = (int)(length - i);
        store_tail(y + i, count,
                   blended(load_tail(x + i, count), load_tail(alpha + i, count), weights));
    }
}

const struct norma_set NORMA_SET_SYMBOL = {
    .name = NORMA_SET_NAME,
    .features = NORMA_SET_FEATURES,
    .available = available,
    .moments = moments,
    .apply = apply,
    .apply_streamed = apply_streamed,
    .blend = blend,
};
