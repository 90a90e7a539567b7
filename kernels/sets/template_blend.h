/* Unitization with an alpha per element, the one coefficient that varies inside a span. Part of
 * template.h.
 *
 * w = alpha weight + (1 - alpha) multiplies x, where weight is 1/|x|, or divides it, where weight
 * is |x|. 1 - alpha is rounded before the fma, so that alpha = 0 gives exactly x, and alpha = 1
 * exactly weight x.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

NORMA_STEP f32x16 blend_weight(f32x16 alpha, float weight) {
    return fma32(alpha, splat32(weight), sub32(splat32(1.0f), alpha));
}

NORMA_STEP void blend_step(const struct norma_blend *work, int64_t i, int count) {
    const f32x16 x = get(work->x, i, count);
    const f32x16 w = blend_weight(get32(work->alpha + i, count), work->weight);
    f32x16 y = work->divide ? div32(x, w) : mul32(x, w);
    if (work->residual) {
        y = add32(y, get(work->residual, i, count));
    }
    if (work->relu) {
        y = relu_mask(y, y);
    }
    put(work->out, i, count, y);
}

static void blend(const struct norma_blend *work) {
    int64_t i = 0;
    for (; i + NORMA_LANES <= work->length; i += NORMA_LANES) {
        blend_step(work, i, NORMA_LANES);
    }
    if (i < work->length) {
        blend_step(work, i, (int)(work->length - i));
    }
}

/* ---- backward ----------------------------------------------------------------------------- */

NORMA_STEP f32x16 gated_dy(const void *dy, const void *y, int64_t i, int count) {
    const f32x16 v = get(dy, i, count);
    return y ? relu_mask(v, get(y, i, count)) : v;
}

/* Returns w in double. In absent lanes, which divide a 0, it is 1. */
NORMA_STEP f64x16 blend_weight64(const float *alpha, int64_t i, int count, double weight) {
    const float *p = alpha + i;
    const f64x16 a = count == NORMA_LANES ? widen_load32(p) : widen_load32_tail(p, count, 0.0f);
    return fma64(a, splat64(weight), sub64(splat64(1.0), a));
}

NORMA_STEP f64x16 product_step(f64x16 sum, const struct norma_blend *work, double weight, int64_t i,
                               int count) {
    const f64x16 dy = widen(gated_dy(work->dy, work->y, i, count));
    const f64x16 product = mul64(dy, get_wide(work->x, i, count));
    const f64x16 alpha = get32_wide(work->alpha + i, count);
    if (!work->divide) {
        return fma64(alpha, product, sum);
    }
    const f64x16 w = blend_weight64(work->alpha, i, count, weight);
    return add64(sum, div64(mul64(alpha, product), mul64(w, w)));
}

static double blend_product(const struct norma_blend *work, double weight) {
    f64x16 sum = splat64(0.0);
    int64_t i = 0;
    for (; i + NORMA_LANES <= work->length; i += NORMA_LANES) {
        sum = product_step(sum, work, weight, i, NORMA_LANES);
    }
    if (i < work->length) {
        sum = product_step(sum, work, weight, i, (int)(work->length - i));
    }
    return sum64(sum);
}

NORMA_STEP void blend_gradient_step(const struct norma_blend *work, int64_t i, int count) {
    const f32x16 dy = gated_dy(work->dy, work->y, i, count);
    if (work->dresidual) {
        put(work->dresidual, i, count, dy);
    }
    const f32x16 w = blend_weight(get32(work->alpha + i, count), work->weight);
    const f32x16 x = get(work->x, i, count);
    const f32x16 x_scale = splat32(work->x_scale);
    put(work->out, i, count,
        work->divide ? fma32(x, x_scale, div32(dy, w)) : fma32(dy, w, mul32(x, x_scale)));
}

static void blend_gradient(const struct norma_blend *work) {
    int64_t i = 0;
    for (; i + NORMA_LANES <= work->length; i += NORMA_LANES) {
        blend_gradient_step(work, i, NORMA_LANES);
    }
    if (i < work->length) {
        blend_gradient_step(work, i, (int)(work->length - i));
    }
}

/* Goes over the samples innermost, so that the sums of 16 elements stay in registers. */
NORMA_STEP void blend_alpha_step(const struct norma_blend_alpha *work, int64_t i, int count) {
    f64x16 sum = splat64(0.0);
    for (int64_t n = 0; n < work->samples; n++) {
        const int64_t at = n * work->stride + i;
        const f64x16 dy = widen(gated_dy(work->dy, work->y, at, count));
        const f64x16 product = mul64(dy, get_wide(work->x, at, count));
        const f64x16 factor = splat64(work->factor[n]);
        if (work->divide) {
            const f64x16 w = blend_weight64(work->alpha, i, count, work->weight[n]);
            sum = add64(sum, div64(mul64(product, factor), mul64(w, w)));
        } else {
            sum = fma64(product, factor, sum);
        }
    }
    put32(work->out + i, count, narrow(sum));
}

static void blend_alpha(const struct norma_blend_alpha *work) {
    int64_t i = 0;
    for (; i + NORMA_LANES <= work->length; i += NORMA_LANES) {
        blend_alpha_step(work, i, NORMA_LANES);
    }
    if (i < work->length) {
        blend_alpha_step(work, i, (int)(work->length - i));
    }
}
