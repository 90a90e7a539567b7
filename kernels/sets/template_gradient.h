/* The two ends of every backward pass: the sums of dy and of dy (x - centre), and the affine of dy
 * and x. Part of template.h.
 *
 * The sums of GROUP vectors are taken in float, and groups are added in double: a conversion costs
 * as much as two sums. In a group dy is rounded four times at the most and dy (x - centre) six
 * times, whatever the length of the run: the error is below that of as many roundings of every
 * element, and stays so when the sums cancel. Products that leave the range of float are noticed in
 * their sum, and the run is summed again in double, where the product of two floats is exact.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
/* ---- sums --------------------------------------------------------------------------------- */

enum {
    /* Vectors that are summed in float. With 8, half of the work is the conversions' no more; with
     * 16, hardly less is left. */
    GROUP = 8,
    GROUP_ELEMENTS = GROUP * NORMA_LANES
};

struct gradient_sums_kind {
    bool gated, selected, in_double;
};

struct pair {
    f32x16 x, dy;
};

struct products {
    f64x16 dy, product;
};

/* In float. */
struct chain {
    f32x16 dy, product;
};

NORMA_STEP struct chain begin_chain(struct pair pair, f32x16 centre) {
    return (struct chain){pair.dy, mul32(pair.dy, sub32(pair.x, centre))};
}

NORMA_STEP struct chain go_on(struct chain chain, struct pair pair, f32x16 centre) {
    return (struct chain){add32(chain.dy, pair.dy),
                          fma32(pair.dy, sub32(pair.x, centre), chain.product)};
}

NORMA_STEP struct products widen_chains(struct chain even, struct chain odd) {
    return (struct products){widen(add32(even.dy, odd.dy)),
                             widen(add32(even.product, odd.product))};
}

NORMA_STEP struct products add_products(struct products a, struct products b) {
    return (struct products){add64(a.dy, b.dy), add64(a.product, b.product)};
}

/* A product below float's normal range is off by 2^-150 at the most, hence the sum of so many by
 * less than 2^-40 of this. */
static inline double least_product(int64_t elements) {
    return 0x1p-110 * (double)elements;
}

/* An infinity or a NaN is no number of any size. Where the sum cancels, or is zero, this is false
 * without need. & and not &&: compilers vectorize it. */
static inline bool are_sums_in_range(double dy, double product, double least) {
    return (fabs(product) >= least) & (fabs(product) <= DBL_MAX) & (fabs(dy) <= DBL_MAX);
}

static inline bool are_all_in_range(const double *dy, const double *product, int64_t count,
                                    double least) {
    int64_t out_of_range = 0; /* as wide as what is compared: vectorized */
    for (int64_t i = 0; i < count; i++) {
        out_of_range |= !are_sums_in_range(dy[i], product[i], least);
    }
    return !out_of_range;
}

/* An absent lane, and one that is not selected, has dy = 0 and x = centre: an infinity elsewhere in
 * the run must not meet its 0. */
NORMA_STEP struct pair pair_at(const struct norma_gradient_sums *work,
                               struct gradient_sums_kind kind, float centre, int64_t start,
                               int64_t i, int count) {
    const int64_t at = start + i;
    f32x16 x = get(work->x + at, count);
    f32x16 dy = get(work->dy + at, count);
    if (kind.gated) {
        dy = relu_mask(dy, get(work->y + at, count));
    }
    if (kind.selected) {
        x = pick(work->selection, i, count, x, splat32(centre));
        dy = pick(work->selection, i, count, dy, splat32(0.0f));
    }
    return (struct pair){x, dy};
}

/* The even vectors of a group and the odd ones are summed side by side: two chains take half the
 * time of one. */
NORMA_STEP struct products products_of_group(const struct norma_gradient_sums *work,
                                             struct gradient_sums_kind kind, float centre,
                                             int64_t start, int64_t i) {
    const f32x16 middle = splat32(centre);
    struct chain even = begin_chain(pair_at(work, kind, centre, start, i, NORMA_LANES), middle);
    struct chain odd =
        begin_chain(pair_at(work, kind, centre, start, i + NORMA_LANES, NORMA_LANES), middle);
    for (int k = 2 * NORMA_LANES; k < GROUP_ELEMENTS; k += 2 * NORMA_LANES) {
        even = go_on(even, pair_at(work, kind, centre, start, i + k, NORMA_LANES), middle);
        odd = go_on(odd, pair_at(work, kind, centre, start, i + k + NORMA_LANES, NORMA_LANES),
                    middle);
    }
    return widen_chains(even, odd);
}

/* The same of less than a group. */
NORMA_STEP struct products products_of_rest(const struct norma_gradient_sums *work,
                                            struct gradient_sums_kind kind, float centre,
                                            int64_t start, int64_t i) {
    const f32x16 middle = splat32(centre);
    struct chain even = {splat32(0.0f), splat32(0.0f)}, odd = even;
    for (; i + 2 * NORMA_LANES <= work->length; i += 2 * NORMA_LANES) {
        even = go_on(even, pair_at(work, kind, centre, start, i, NORMA_LANES), middle);
        odd = go_on(odd, pair_at(work, kind, centre, start, i + NORMA_LANES, NORMA_LANES), middle);
    }
    if (i + NORMA_LANES <= work->length) {
        even = go_on(even, pair_at(work, kind, centre, start, i, NORMA_LANES), middle);
        i += NORMA_LANES;
        if (i < work->length) {
            const int rest = (int)(work->length - i);
            odd = go_on(odd, pair_at(work, kind, centre, start, i, rest), middle);
        }
    } else if (i < work->length) {
        const int rest = (int)(work->length - i);
        even = go_on(even, pair_at(work, kind, centre, start, i, rest), middle);
    }
    return widen_chains(even, odd);
}

NORMA_STEP struct products products_of_span(const struct norma_gradient_sums *work,
                                            struct gradient_sums_kind kind, int64_t r) {
    const float centre = work->centre[r];
    const int64_t start = r * work->length;
    if (work->length < GROUP_ELEMENTS) {
        return products_of_rest(work, kind, centre, start, 0);
    }
    struct products sums = products_of_group(work, kind, centre, start, 0);
    int64_t i = GROUP_ELEMENTS;
    for (; i + GROUP_ELEMENTS <= work->length; i += GROUP_ELEMENTS) {
        sums = add_products(sums, products_of_group(work, kind, centre, start, i));
    }
    if (i < work->length) {
        sums = add_products(sums, products_of_rest(work, kind, centre, start, i));
    }
    return sums;
}

NORMA_STEP struct products add_in_double(struct products sums, struct pair pair, f64x16 centre) {
    const f64x16 dy = widen(pair.dy);
    return (struct products){add64(sums.dy, dy),
                             fma64(dy, sub64(widen(pair.x), centre), sums.product)};
}

NORMA_STEP struct products products_in_double(const struct norma_gradient_sums *work,
                                              struct gradient_sums_kind kind, int64_t r) {
    const float centre = work->centre[r];
    const f64x16 wide_centre = splat64((double)centre);
    const int64_t start = r * work->length;
    struct products sums = {splat64(0.0), splat64(0.0)};
    int64_t i = 0;
    for (; i + NORMA_LANES <= work->length; i += NORMA_LANES) {
        sums = add_in_double(sums, pair_at(work, kind, centre, start, i, NORMA_LANES), wide_centre);
    }
    if (i < work->length) {
        const int rest = (int)(work->length - i);
        sums = add_in_double(sums, pair_at(work, kind, centre, start, i, rest), wide_centre);
    }
    return sums;
}

/* Of `count` runs, those whose sums in float are out of its range. */
static __attribute__((noinline)) void sum_runs_in_double(const struct norma_gradient_sums *work,
                                                         struct gradient_sums_kind kind,
                                                         int64_t first, int count, double least) {
    for (int64_t r = first; r < first + count; r++) {
        if (!are_sums_in_range(work->dy_sum[r], work->product[r], least)) {
            const struct products sums = products_in_double(work, kind, r);
            work->dy_sum[r] = sum64(sums.dy);
            work->product[r] = sum64(sums.product);
        }
    }
}

/* The lanes of 16 runs are summed side by side: of short ones that is a good part of the work. */
NORMA_STEP void sum_lanes(const f64x16 *lanes, int count, double *sums) {
    if (count == NORMA_LANES) {
        store64(sums, sums64(lanes));
        return;
    }
    for (int i = 0; i < count; i++) {
        sums[i] = sum64(lanes[i]);
    }
}

NORMA_STEP void sum_spans(const struct norma_gradient_sums *work, struct gradient_sums_kind kind) {
    const double least = least_product(work->length);
    for (int64_t first = 0; first < work->spans; first += NORMA_LANES) {
        const int64_t left = work->spans - first;
        const int count = left < NORMA_LANES ? (int)left : NORMA_LANES;
        f64x16 dy[NORMA_LANES], product[NORMA_LANES];
        for (int r = 0; r < count; r++) {
            const struct products sums = kind.in_double ? products_in_double(work, kind, first + r)
                                                        : products_of_span(work, kind, first + r);
            dy[r] = sums.dy;
            product[r] = sums.product;
        }
        sum_lanes(dy, count, work->dy_sum + first);
        sum_lanes(product, count, work->product + first);
        if (!kind.in_double &&
            !are_all_in_range(work->dy_sum + first, work->product + first, count, least)) {
            sum_runs_in_double(work, kind, first, count, least);
        }
    }
}

static void gradient_sums(const struct norma_gradient_sums *work) {
    if (work->in_double) {
        sum_spans(work, (struct gradient_sums_kind){.gated = work->y != NULL,
                                                    .selected = work->selection != NULL,
                                                    .in_double = true});
    } else if (work->selection) {
        sum_spans(work, (struct gradient_sums_kind){.gated = work->y != NULL, .selected = true});
    } else if (work->y) {
        sum_spans(work, (struct gradient_sums_kind){.gated = true});
    } else {
        sum_spans(work, (struct gradient_sums_kind){0});
    }
}

/* ---- affine ------------------------------------------------------------------------------- */

struct gradient_kind {
    bool x, gated, dresidual, nontemporal, prefetch_distance, selected;
};

struct gradient {
    f32x16 centre, dy_scale, x_scale, constant;
};

NORMA_STEP void gradient_step(const struct norma_gradient_apply *work, struct gradient_kind kind,
                              const struct gradient *gradient, int64_t start, int64_t i,
                              int count) {
    const int64_t at = start + i;
    if (kind.prefetch_distance) {
        prefetch_ahead(work->x + at, work->prefetch_distance);
        prefetch_ahead(work->dy + at, work->prefetch_distance);
    }
    f32x16 dy = get(work->dy + at, count);
    if (kind.gated) {
        dy = relu_mask(dy, get(work->y + at, count));
    }
    if (kind.dresidual) {
        put(work->dresidual + at, count, dy);
    }
    f32x16 dx;
    if (kind.x) {
        const f32x16 d = sub32(get(work->x + at, count), gradient->centre);
        dx = fma32(dy, gradient->dy_scale, fma32(d, gradient->x_scale, gradient->constant));
    } else {
        dx = mul32(dy, gradient->dy_scale);
    }
    if (kind.selected) {
        dx = pick(work->selection, i, count, dx, get(work->others + at, count));
    }
    put_or_stream(work->dx + at, count, dx, kind.nontemporal);
}

NORMA_STEP struct gradient gradient_of_span(const struct norma_gradient_apply *work,
                                            struct gradient_kind kind, int64_t r) {
    return (struct gradient){
        splat32(kind.x ? work->centre[r] : 0.0f),
        splat32(work->dy_scale[r]),
        splat32(kind.x ? work->x_scale[r] : 0.0f),
        splat32(kind.x ? work->constant[r] : 0.0f),
    };
}

NORMA_STEP struct gradient join_gradients(const struct gradient *first, int count,
                                          const struct gradient *rest) {
    return (struct gradient){join_lanes(first->centre, count, rest->centre),
                             join_lanes(first->dy_scale, count, rest->dy_scale),
                             join_lanes(first->x_scale, count, rest->x_scale),
                             join_lanes(first->constant, count, rest->constant)};
}

/* As apply_to_joined_runs. */
NORMA_STEP void gradient_of_joined_spans(const struct norma_gradient_apply *work,
                                         struct gradient_kind kind, int64_t first, int64_t spans) {
    const int64_t start = first * work->length;
    struct gradient gradient = gradient_of_span(work, kind, first);
    int64_t i = unaligned_head(work->dx + start, work->length);
    if (i > 0) {
        gradient_step(work, kind, &gradient, start, 0, (int)i);
    }
    for (int64_t r = 1, end = work->length;; r++, end += work->length) {
        for (; i + NORMA_LANES <= end; i += NORMA_LANES) {
            gradient_step(work, kind, &gradient, start, i, NORMA_LANES);
        }
        if (r == spans) {
            break;
        }
        const struct gradient next = gradient_of_span(work, kind, first + r);
        if (i < end) {
            const struct gradient both = join_gradients(&gradient, (int)(end - i), &next);
            gradient_step(work, kind, &both, start, i, NORMA_LANES);
            i += NORMA_LANES;
        }
        gradient = next;
    }
    if (i < spans * work->length) {
        gradient_step(work, kind, &gradient, start, i, (int)(spans * work->length - i));
    }
    if (kind.nontemporal) {
        stream_fence();
    }
}

NORMA_STEP void gradient_of_spans(const struct norma_gradient_apply *work,
                                  struct gradient_kind kind) {
    const int64_t spans = kind.selected || work->length < NORMA_LANES ? 1 : work->spans;
    for (int64_t r = 0; r < work->spans; r += spans) {
        gradient_of_joined_spans(work, kind, r, spans);
    }
}

/* The common case has loops of its own; with an epilogue or a selection one loop asks as it goes.
 */
static void gradient_apply(const struct norma_gradient_apply *work) {
    if (work->y || work->selection || !work->x) {
        gradient_of_spans(work, (struct gradient_kind){.x = work->x != NULL,
                                                       .gated = work->y != NULL,
                                                       .dresidual = work->dresidual != NULL,
                                                       .nontemporal = work->nontemporal,
                                                       .selected = work->selection != NULL});
    } else if (work->nontemporal && work->prefetch_distance > 0) {
        gradient_of_spans(work, (struct gradient_kind){
                                    .x = true, .nontemporal = true, .prefetch_distance = true});
    } else if (work->nontemporal) {
        gradient_of_spans(work, (struct gradient_kind){.x = true, .nontemporal = true});
    } else {
        gradient_of_spans(work, (struct gradient_kind){.x = true});
    }
}
