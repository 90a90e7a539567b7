/* The two ends of every backward pass: the sums of dy and of dy (x - centre), and the affine of dy
 * and x. Part of template.h.
 *
 * Sums are taken in double: the product of two floats is exact there, and x - centre as good as.
 * Hence the sums are right whatever cancels in them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/* ---- sums --------------------------------------------------------------------------------- */

struct gradient_sums_kind {
    bool gated, selected;
};

struct products {
    f64x16 dy, product;
};

/* An absent lane, and one that is not selected, has dy = 0 and x = centre: an infinity elsewhere in
 * the run must not meet its 0. */
NORMA_STEP struct products products_step(struct products sums,
                                         const struct norma_gradient_sums *work,
                                         struct gradient_sums_kind kind, float centre,
                                         int64_t start, int64_t i, int count) {
    const int64_t at = start + i;
    f64x16 x, dy;
    if (!kind.gated && !kind.selected && count == NORMA_LANES) {
        x = widen_load(work->x + at);
        dy = widen_load(work->dy + at);
    } else {
        f32x16 narrow_x = get(work->x + at, count);
        f32x16 narrow_dy = get(work->dy + at, count);
        if (kind.gated) {
            narrow_dy = open(narrow_dy, get(work->y + at, count));
        }
        if (kind.selected) {
            narrow_x = pick(work->selection, i, count, narrow_x, splat(centre));
            narrow_dy = pick(work->selection, i, count, narrow_dy, splat(0.0f));
        }
        x = widen(narrow_x);
        dy = widen(narrow_dy);
    }
    const f64x16 d = sub64(x, splat64((double)centre));
    return (struct products){add64(sums.dy, dy), fma64(dy, d, sums.product)};
}

NORMA_STEP struct products products_of_run(const struct norma_gradient_sums *work,
                                           struct gradient_sums_kind kind, int64_t r) {
    const float centre = work->centre[r];
    const int64_t start = r * work->length;
    struct products sums = {splat64(0.0), splat64(0.0)};
    int64_t i = 0;
    for (; i + NORMA_LANES <= work->length; i += NORMA_LANES) {
        sums = products_step(sums, work, kind, centre, start, i, NORMA_LANES);
    }
    if (i < work->length) {
        sums = products_step(sums, work, kind, centre, start, i, (int)(work->length - i));
    }
    return sums;
}

NORMA_STEP void sum_16_runs(const struct norma_gradient_sums *work, struct gradient_sums_kind kind,
                            int64_t first) {
    f64x16 dy[NORMA_LANES], product[NORMA_LANES];
    for (int r = 0; r < NORMA_LANES; r++) {
        const struct products sums = products_of_run(work, kind, first + r);
        dy[r] = sums.dy;
        product[r] = sums.product;
    }
    store64(work->dy_sum + first, sums64(dy));
    store64(work->product + first, sums64(product));
}

NORMA_STEP void sum_runs(const struct norma_gradient_sums *work, struct gradient_sums_kind kind) {
    int64_t r = 0;
    for (; work->length <= SHORT_RUN && r + NORMA_LANES <= work->runs; r += NORMA_LANES) {
        sum_16_runs(work, kind, r);
    }
    for (; r < work->runs; r++) {
        const struct products sums = products_of_run(work, kind, r);
        work->dy_sum[r] = sum64(sums.dy);
        work->product[r] = sum64(sums.product);
    }
}

static void gradient_sums(const struct norma_gradient_sums *work) {
    if (work->selection) {
        sum_runs(work, (struct gradient_sums_kind){.gated = work->y != NULL, .selected = true});
    } else if (work->y) {
        sum_runs(work, (struct gradient_sums_kind){.gated = true});
    } else {
        sum_runs(work, (struct gradient_sums_kind){0});
    }
}

/* ---- affine ------------------------------------------------------------------------------- */

struct gradient_kind {
    bool x, gated, dresidual, streamed, ahead, selected;
};

struct gradient {
    f32x16 centre, dy_scale, x_scale, constant;
};

NORMA_STEP void gradient_step(const struct norma_gradient_apply *work, struct gradient_kind kind,
                              const struct gradient *gradient, int64_t start, int64_t i,
                              int count) {
    const int64_t at = start + i;
    if (kind.ahead) {
        prefetch_ahead(work->x + at, work->ahead);
        prefetch_ahead(work->dy + at, work->ahead);
    }
    f32x16 dy = get(work->dy + at, count);
    if (kind.gated) {
        dy = open(dy, get(work->y + at, count));
    }
    if (kind.dresidual) {
        put(work->dresidual + at, count, dy);
    }
    f32x16 dx;
    if (kind.x) {
        const f32x16 d = sub(get(work->x + at, count), gradient->centre);
        dx = fma32(dy, gradient->dy_scale, fma32(d, gradient->x_scale, gradient->constant));
    } else {
        dx = mul(dy, gradient->dy_scale);
    }
    if (kind.selected) {
        dx = pick(work->selection, i, count, dx, get(work->others + at, count));
    }
    put_or_stream(work->dx + at, count, dx, kind.streamed);
}

NORMA_STEP struct gradient gradient_of_run(const struct norma_gradient_apply *work,
                                           struct gradient_kind kind, int64_t r) {
    return (struct gradient){
        splat(kind.x ? work->centre[r] : 0.0f),
        splat(work->dy_scale[r]),
        splat(kind.x ? work->x_scale[r] : 0.0f),
        splat(kind.x ? work->constant[r] : 0.0f),
    };
}

NORMA_STEP struct gradient join_gradients(const struct gradient *first, int count,
                                          const struct gradient *rest) {
    return (struct gradient){
        join(first->centre, count, rest->centre), join(first->dy_scale, count, rest->dy_scale),
        join(first->x_scale, count, rest->x_scale), join(first->constant, count, rest->constant)};
}

/* As apply_to_joined_runs. */
NORMA_STEP void gradient_of_joined_runs(const struct norma_gradient_apply *work,
                                        struct gradient_kind kind, int64_t first, int64_t runs) {
    const int64_t start = first * work->length;
    struct gradient gradient = gradient_of_run(work, kind, first);
    int64_t i = unaligned_head(work->dx + start, work->length);
    if (i > 0) {
        gradient_step(work, kind, &gradient, start, 0, (int)i);
    }
    for (int64_t r = 1, end = work->length;; r++, end += work->length) {
        for (; i + NORMA_LANES <= end; i += NORMA_LANES) {
            gradient_step(work, kind, &gradient, start, i, NORMA_LANES);
        }
        if (r == runs) {
            break;
        }
        const struct gradient next = gradient_of_run(work, kind, first + r);
        if (i < end) {
            const struct gradient both = join_gradients(&gradient, (int)(end - i), &next);
            gradient_step(work, kind, &both, start, i, NORMA_LANES);
            i += NORMA_LANES;
        }
        gradient = next;
    }
    if (i < runs * work->length) {
        gradient_step(work, kind, &gradient, start, i, (int)(runs * work->length - i));
    }
    if (kind.streamed) {
        stream_fence();
    }
}

NORMA_STEP void gradient_of_runs(const struct norma_gradient_apply *work,
                                 struct gradient_kind kind) {
    const int64_t runs = kind.selected || work->length < NORMA_LANES ? 1 : work->runs;
    for (int64_t r = 0; r < work->runs; r += runs) {
        gradient_of_joined_runs(work, kind, r, runs);
    }
}

/* The common case has loops of its own; with an epilogue or a selection one loop asks as it goes.
 */
static void gradient_apply(const struct norma_gradient_apply *work) {
    if (work->y || work->selection || !work->x) {
        gradient_of_runs(work, (struct gradient_kind){.x = work->x != NULL,
                                                      .gated = work->y != NULL,
                                                      .dresidual = work->dresidual != NULL,
                                                      .streamed = work->streamed,
                                                      .selected = work->selection != NULL});
    } else if (work->streamed && work->ahead > 0) {
        gradient_of_runs(work, (struct gradient_kind){.x = true, .streamed = true, .ahead = true});
    } else if (work->streamed) {
        gradient_of_runs(work, (struct gradient_kind){.x = true, .streamed = true});
    } else {
        gradient_of_runs(work, (struct gradient_kind){.x = true});
    }
}
