/* The two ends of every backward pass: the sums of dy and of dy (x - centre), and the affine of dy
 * and x. Part of template.h.
 *
 * The sums of GROUP vectors are taken in float, and groups are added in double, because a
 * conversion costs as much as two sums. In a group dy is rounded at most four times and
 * dy (x - centre) at most six times, whatever the length of the span: the error is below that of as
 * many roundings of every element, and stays so when the sums cancel. Products that leave the range
 * of float are noticed in their sum, and the span is summed again in double, where the product of
 * two floats is exact.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/* ---- sums --------------------------------------------------------------------------------- */

enum {
    /* Vectors that are summed in float. With 8, conversions are no longer half of the work; 16
     * would gain little more. */
    GROUP = 8,
    GROUP_ELEMENTS = GROUP * NORMA_LANES
};

/* The variants that loops are compiled for. */
struct gradient_sums_kind {
    bool gated, selected, in_double;
};

struct pair {
    f32x16 x, dy;
};

/* Sums of dy and of dy (x - centre). */
struct products {
    f64x16 dy, product;
};

/* The same in float. */
struct chain {
    f32x16 dy, product;
};

NORMA_STEP struct chain begin_chain(struct pair pair, f32x16 centre) {
    return (struct chain){pair.dy, mul32(pair.dy, sub32(pair.x, centre))};
}

NORMA_STEP struct chain extend_chain(struct chain chain, struct pair pair, f32x16 centre) {
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

/* Returns the magnitude from which on a sum of products in float is trusted: a product below
 * float's normal range is off by at most 2^-150, hence the sum of `elements` of them by less than
 * 2^-40 of this. */
static inline double least_product(int64_t elements) {
    return 0x1p-110 * (double)elements;
}

/* Returns whether no product left the range of float. Infinities and NaNs are out of it. Where the
 * sum cancels, or is zero, this is false even if all products were in range. & instead of && lets
 * compilers vectorize it. */
static inline bool are_sums_in_range(double dy, double product, double least) {
    return (fabs(product) >= least) & (fabs(product) <= DBL_MAX) & (fabs(dy) <= DBL_MAX);
}

static inline bool are_all_in_range(const double *dy, const double *product, int64_t count,
                                    double least) {
    int64_t out_of_range = 0; /* as wide as the operands of the comparison, to be vectorized */
    for (int64_t i = 0; i < count; i++) {
        out_of_range |= !are_sums_in_range(dy[i], product[i], least);
    }
    return !out_of_range;
}

/* One span, and how it is summed. */
struct summed_span {
    const struct norma_gradient_sums *work;
    struct gradient_sums_kind kind;
    float centre;
    int64_t start;
};

NORMA_STEP struct summed_span span_at(const struct norma_gradient_sums *work,
                                      struct gradient_sums_kind kind, int64_t r) {
    return (struct summed_span){work, kind, work->centre[r], r * work->length};
}

/* Returns `count` elements from number i of the span on. An absent lane has dy = 0 and x = 0. One
 * that is not selected has dy = 0 and x = centre, as an infinite x must not meet its 0. */
NORMA_STEP struct pair pair_at(struct summed_span span, int64_t i, int count) {
    const struct norma_gradient_sums *work = span.work;
    const int64_t at = span.start + i;
    f32x16 x = get(work->x, at, count);
    f32x16 dy = get(work->dy, at, count);
    if (span.kind.gated) {
        dy = relu_mask(dy, get(work->y, at, count));
    }
    if (span.kind.selected) {
        x = pick(work->selection, i, count, x, splat32(span.centre));
        dy = pick(work->selection, i, count, dy, splat32(0.0f));
    }
    return (struct pair){x, dy};
}

NORMA_STEP struct chain extend_by(struct chain chain, struct summed_span span, int64_t i,
                                  int count) {
    return extend_chain(chain, pair_at(span, i, count), splat32(span.centre));
}

/* Sums a group. Its even vectors and its odd ones are summed side by side, as two chains take half
 * the time of one. */
NORMA_STEP struct products products_of_group(struct summed_span span, int64_t i) {
    const f32x16 centre = splat32(span.centre);
    struct chain even = begin_chain(pair_at(span, i, NORMA_LANES), centre);
    struct chain odd = begin_chain(pair_at(span, i + NORMA_LANES, NORMA_LANES), centre);
    for (int k = 2 * NORMA_LANES; k < GROUP_ELEMENTS; k += 2 * NORMA_LANES) {
        even = extend_by(even, span, i + k, NORMA_LANES);
        odd = extend_by(odd, span, i + k + NORMA_LANES, NORMA_LANES);
    }
    return widen_chains(even, odd);
}

/* Sums the end of a span, from element i on, which is less than a group: pairs of vectors, then
 * perhaps one more, then perhaps a tail. */
NORMA_STEP struct products products_of_rest(struct summed_span span, int64_t i) {
    const int64_t length = span.work->length;
    struct chain even = {splat32(0.0f), splat32(0.0f)}, odd = even;
    for (; i + 2 * NORMA_LANES <= length; i += 2 * NORMA_LANES) {
        even = extend_by(even, span, i, NORMA_LANES);
        odd = extend_by(odd, span, i + NORMA_LANES, NORMA_LANES);
    }
    const int tail = (int)(length - i) % NORMA_LANES;
    if (i + NORMA_LANES <= length) {
        even = extend_by(even, span, i, NORMA_LANES);
        if (tail > 0) {
            odd = extend_by(odd, span, i + NORMA_LANES, tail);
        }
    } else if (tail > 0) {
        even = extend_by(even, span, i, tail);
    }
    return widen_chains(even, odd);
}

NORMA_STEP struct products products_of_span(struct summed_span span) {
    const int64_t length = span.work->length;
    if (length < GROUP_ELEMENTS) {
        return products_of_rest(span, 0);
    }
    struct products sums = products_of_group(span, 0);
    int64_t i = GROUP_ELEMENTS;
    for (; i + GROUP_ELEMENTS <= length; i += GROUP_ELEMENTS) {
        sums = add_products(sums, products_of_group(span, i));
    }
    if (i < length) {
        sums = add_products(sums, products_of_rest(span, i));
    }
    return sums;
}

NORMA_STEP struct products add_in_double(struct products sums, struct pair pair, f64x16 centre) {
    const f64x16 dy = widen(pair.dy);
    return (struct products){add64(sums.dy, dy),
                             fma64(dy, sub64(widen(pair.x), centre), sums.product)};
}

NORMA_STEP struct products products_in_double(struct summed_span span) {
    const int64_t length = span.work->length;
    const f64x16 centre = splat64((double)span.centre);
    struct products sums = {splat64(0.0), splat64(0.0)};
    int64_t i = 0;
    for (; i + NORMA_LANES <= length; i += NORMA_LANES) {
        sums = add_in_double(sums, pair_at(span, i, NORMA_LANES), centre);
    }
    if (i < length) {
        sums = add_in_double(sums, pair_at(span, i, (int)(length - i)), centre);
    }
    return sums;
}

/* Sums again, in double, those of `count` spans whose sums in float are out of range. */
static __attribute__((noinline)) void sum_spans_in_double(const struct norma_gradient_sums *work,
                                                          struct gradient_sums_kind kind,
                                                          int64_t first, int count, double least) {
    for (int64_t r = first; r < first + count; r++) {
        if (!are_sums_in_range(work->dy_sum[r], work->product[r], least)) {
            const struct products sums = products_in_double(span_at(work, kind, r));
            work->dy_sum[r] = sum64(sums.dy);
            work->product[r] = sum64(sums.product);
        }
    }
}

/* Sums the lanes of up to 16 spans; of 16 side by side, as it is a good part of the work where
 * spans are short. */
NORMA_STEP void sum_lanes(const f64x16 *lanes, int count, double *sums) {
    if (count == NORMA_LANES) {
        store64(sums, sums64(lanes));
        return;
    }
    for (int i = 0; i < count; i++) {
        sums[i] = sum64(lanes[i]);
    }
}

/* Sums a span, or in each lane one. */
NORMA_STEP struct products products_of_pair(struct pair pair, f32x16 centre, bool in_double) {
    const struct products none = {splat64(0.0), splat64(0.0)};
    const struct chain empty = {splat32(0.0f), splat32(0.0f)};
    return in_double ? add_in_double(none, pair, widen(centre))
                     : widen_chains(extend_chain(empty, pair, centre), empty);
}

/* Sums 16 spans of at most IN_A_LANE elements, each in a lane. */
NORMA_STEP struct products products_of_16_tails(const struct norma_gradient_sums *work,
                                                struct gradient_sums_kind kind, int64_t first,
                                                int64_t length) {
    const int64_t start = first * length;
    const f32x16 centre = load32(work->centre + first);
    float xs[TAIL_ELEMENTS], dys[TAIL_ELEMENTS], ys[TAIL_ELEMENTS];
    f64x16 dy[NORMA_LANES], product[NORMA_LANES];
    transpose_tails(element_at(work->x, start), length, xs);
    transpose_tails(element_at(work->dy, start), length, dys);
    if (kind.gated) {
        transpose_tails(element_at(work->y, start), length, ys);
    }
    for (int64_t i = 0; i < length; i++) {
        struct pair pair = {load32(xs + i * NORMA_LANES), load32(dys + i * NORMA_LANES)};
        if (kind.gated) {
            pair.dy = relu_mask(pair.dy, load32(ys + i * NORMA_LANES));
        }
        const struct products products = products_of_pair(pair, centre, kind.in_double);
        dy[i] = products.dy;
        product[i] = products.product;
    }
    /* NaN where the centre is not finite, as with the absent lanes of a span by itself. */
    product[0] = add64(product[0], sub64(widen(centre), widen(centre)));
    return (struct products){sum_tails(dy, length), sum_tails(product, length)};
}

NORMA_STEP struct products products_of_16(const struct norma_gradient_sums *work,
                                          struct gradient_sums_kind kind, int64_t first) {
    const bool plain = !kind.gated && !kind.in_double;
    if (plain && work->length == 2) {
        return products_of_16_tails(work, kind, first, 2);
    }
    if (plain && work->length == 4) {
        return products_of_16_tails(work, kind, first, 4);
    }
    if (plain && work->length == 8) {
        return products_of_16_tails(work, kind, first, 8);
    }
    return products_of_16_tails(work, kind, first, work->length);
}

/* Sums up to 16 spans. */
NORMA_STEP void sum_some_spans(const struct norma_gradient_sums *work,
                               struct gradient_sums_kind kind, int64_t first, int count) {
    f64x16 dy[NORMA_LANES], product[NORMA_LANES];
    for (int r = 0; r < count; r++) {
        const struct summed_span span = span_at(work, kind, first + r);
        const struct products sums =
            kind.in_double ? products_in_double(span) : products_of_span(span);
        dy[r] = sums.dy;
        product[r] = sums.product;
    }
    sum_lanes(dy, count, work->dy_sum + first);
    sum_lanes(product, count, work->product + first);
}

NORMA_STEP void sum_16_tails(const struct norma_gradient_sums *work, struct gradient_sums_kind kind,
                             int64_t first) {
    const struct products sums = products_of_16(work, kind, first);
    store64(work->dy_sum + first, sums.dy);
    store64(work->product + first, sums.product);
}

NORMA_STEP void sum_spans(const struct norma_gradient_sums *work, struct gradient_sums_kind kind) {
    const double least = least_product(work->length);
    for (int64_t first = 0; first < work->spans; first += NORMA_LANES) {
        const int64_t left = work->spans - first;
        const int count = left < NORMA_LANES ? (int)left : NORMA_LANES;
        if (work->length <= IN_A_LANE && count == NORMA_LANES && !kind.selected) {
            sum_16_tails(work, kind, first);
        } else {
            sum_some_spans(work, kind, first, count);
        }
        if (!kind.in_double &&
            !are_all_in_range(work->dy_sum + first, work->product + first, count, least)) {
            sum_spans_in_double(work, kind, first, count, least);
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

/* The variants that loops are compiled for. */
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
        prefetch_ahead(element_at(work->x, at), work->prefetch_distance);
        prefetch_ahead(element_at(work->dy, at), work->prefetch_distance);
    }
    f32x16 dy = get(work->dy, at, count);
    if (kind.gated) {
        dy = relu_mask(dy, get(work->y, at, count));
    }
    if (kind.dresidual) {
        put(work->dresidual, at, count, dy);
    }
    f32x16 dx;
    if (kind.x) {
        const f32x16 d = sub32(get(work->x, at, count), gradient->centre);
        dx = fma32(dy, gradient->dy_scale, fma32(d, gradient->x_scale, gradient->constant));
    } else {
        dx = mul32(dy, gradient->dy_scale);
    }
    if (kind.selected) {
        dx = pick(work->selection, i, count, dx, get(work->others, at, count));
    }
    put_or_stream(work->dx, at, count, dx, kind.nontemporal);
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

/* Writes spans as apply_to_joined_spans does. */
NORMA_STEP void gradient_of_joined_spans(const struct norma_gradient_apply *work,
                                         struct gradient_kind kind, int64_t first, int64_t spans) {
    const int64_t start = first * work->length;
    struct gradient gradient = gradient_of_span(work, kind, first);
    int64_t i = unaligned_head(output_at(work->dx, start), work->length);
    if (i > 0) {
        gradient_step(work, kind, &gradient, start, 0, (int)i);
    }
    for (int64_t r = 1, end = work->length;; r++, end += work->length) {
        for (int64_t whole = (end - i) / NORMA_LANES; whole > 0; whole--, i += NORMA_LANES) {
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

/* The coefficients of spans that are shorter than a vector, for each of their elements. */
struct repeated_gradient {
    float centre[REPEATED], dy_scale[REPEATED], x_scale[REPEATED], constant[REPEATED];
};

NORMA_STEP void gradient_of_repeated(const struct norma_gradient_apply *work,
                                     struct gradient_kind kind,
                                     const struct repeated_gradient *repeated, int64_t start,
                                     int64_t i, int count) {
    const f32x16 zero = splat32(0.0f);
    const struct gradient gradient = {kind.x ? get32(repeated->centre + i, count) : zero,
                                      get32(repeated->dy_scale + i, count),
                                      kind.x ? get32(repeated->x_scale + i, count) : zero,
                                      kind.x ? get32(repeated->constant + i, count) : zero};
    gradient_step(work, kind, &gradient, start, i, count);
}

/* Writes such spans as apply_to_tails does. */
NORMA_STEP void gradient_of_tails(const struct norma_gradient_apply *work,
                                  struct gradient_kind kind, int64_t first, int64_t spans) {
    const int64_t start = first * work->length, length = spans * work->length;
    struct repeated_gradient repeated;
    repeat_coefficients(work->dy_scale + first, spans, work->length, repeated.dy_scale);
    if (kind.x) {
        repeat_coefficients(work->centre + first, spans, work->length, repeated.centre);
        repeat_coefficients(work->x_scale + first, spans, work->length, repeated.x_scale);
        repeat_coefficients(work->constant + first, spans, work->length, repeated.constant);
    }
    int64_t i = kind.nontemporal ? unaligned_head(output_at(work->dx, start), length) : 0;
    if (i > 0) {
        gradient_of_repeated(work, kind, &repeated, start, 0, (int)i);
    }
    for (; i + NORMA_LANES <= length; i += NORMA_LANES) {
        gradient_of_repeated(work, kind, &repeated, start, i, NORMA_LANES);
    }
    if (i < length) {
        gradient_of_repeated(work, kind, &repeated, start, i, (int)(length - i));
    }
    if (kind.nontemporal) {
        stream_fence();
    }
}

NORMA_STEP void gradient_of_spans(const struct norma_gradient_apply *work,
                                  struct gradient_kind kind) {
    const struct norma_gradient_apply own = *work;
    if (!kind.selected && own.length < NORMA_LANES) {
        const int64_t most = tails_together(own.length);
        for (int64_t r = 0; r < own.spans; r += most) {
            gradient_of_tails(&own, kind, r, own.spans - r < most ? own.spans - r : most);
        }
        return;
    }
    const int64_t spans = kind.selected ? 1 : own.spans;
    for (int64_t r = 0; r < own.spans; r += spans) {
        gradient_of_joined_spans(&own, kind, r, spans);
    }
}

/* The common case has loops of its own. With an epilogue or a selection, one loop tests for them at
 * every step. */
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
