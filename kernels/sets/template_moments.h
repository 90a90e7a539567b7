/* Mean and sum of squared deviations of one span, in one pass over the data. Part of template.h.
 *
 * Sums of x and of x^2 are taken in double: squares of floats neither overflow nor underflow there,
 * and m2 = sum x^2 - (sum x)^2 / n loses only by cancellation. As long as m2 is at least 1/4096 of
 * sum x^2, that loss is at most a factor of 4096 of 2^-53: some 1e-10, far below the rounding of
 * the float result. Otherwise, where |mean| > 64 sigma, the span is summed again, this time as
 * d = x - x[0]. x[0] is one of the data, so (mean - x[0])^2 <= m2, hence sum d^2 <= (1 + n) m2, and
 * the cancellation costs a factor of at most 1 + n <= 4097, whatever the data are. A constant span
 * has m2 = 0 exactly. Absent lanes of the tail and elements that are not selected count as 0 in the
 * sums of x, and as x[0], so d = 0, in those of d. With a selection, x[0] stands for the first
 * selected element.
 *
 * Rejected: d = x - x[0] in every case takes a fifth longer in a cache. Float sums about a guessed
 * centre are faster there (half the conversions), but need a second pass when the guess was bad,
 * and a fallback where squares leave the range of float.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

enum {
    /* The longest span whose final steps are a good part of its work. */
    SHORT_SPAN = 512,
    MOST_CANCELLED = 4096
};

struct sums {
    f64x16 sum, squares;
};

/* The variants that loops are compiled for: sums of d = x - first, or of x. */
struct moments_kind {
    bool about_first;
    const struct norma_selection *selection;
};

/* Returns sum + d^2. The square of a float is exact in double. */
NORMA_STEP f64x16 add_square(f64x16 sum, f64x16 d, bool of_floats) {
#ifdef NORMA_SET_WITHOUT_FMA
    if (of_floats) {
        return add64(sum, mul64(d, d));
    }
#else
    (void)of_floats;
#endif
    return fma64(d, d, sum);
}

/* Returns `count` elements from number i on, with `first` in absent and unselected lanes. */
NORMA_STEP f64x16 selected(const void *x, int64_t i, int count, float first,
                           const struct norma_selection *selection) {
    if (selection) {
        return widen(pick(selection, i, count, get(x, i, count), splat32(first)));
    }
    return get_wide_filled(x, i, count, first);
}

NORMA_STEP struct sums moments_step(struct sums sums, struct moments_kind kind, const void *x,
                                    int64_t i, int count, float first) {
    f64x16 d = selected(x, i, count, first, kind.selection);
    if (kind.about_first) {
        d = sub64(d, splat64((double)first));
    }
    return (struct sums){add64(sums.sum, d), add_square(sums.squares, d, !kind.about_first)};
}

NORMA_STEP struct sums sums_of_span(struct moments_kind kind, const void *x, int64_t length,
                                    float first) {
    struct sums sums = {splat64(0.0), splat64(0.0)};
    int64_t i = 0;
    for (; i + NORMA_LANES <= length; i += NORMA_LANES) {
        sums = moments_step(sums, kind, x, i, NORMA_LANES, first);
    }
    if (i < length) {
        sums = moments_step(sums, kind, x, i, (int)(length - i), first);
    }
    return sums;
}

/* Returns whether m2 lost little by cancellation; false for NaN. */
static inline bool is_exact_enough(double squares, double m2) {
    return m2 >= squares * (1.0 / (double)MOST_CANCELLED);
}

static __attribute__((noinline)) void moments_about_first(const void *x, int64_t length,
                                                          const struct norma_selection *selection,
                                                          double *mean, double *m2) {
    const float first = element_value(element_at(x, selection ? selection->first : 0));
    const double count = (double)(selection ? selection->count : length);
    const struct moments_kind kind = {.about_first = true, .selection = selection};
    const struct sums sums = sums_of_span(kind, x, length, first);
    const double total = sum64(sums.sum);
    const double offset = total * (1.0 / count);
    const double deviations = sum64(sums.squares) - total * offset;
    *mean = (double)first + offset;
    /* Rounding may leave a tiny negative number; NaN fails the comparison and stays. */
    *m2 = deviations < 0.0 ? 0.0 : deviations;
}

NORMA_STEP void moments_of_span(const void *x, int64_t length,
                                const struct norma_selection *selection, double *mean, double *m2) {
    const struct moments_kind kind = {.selection = selection};
    const struct sums sums = sums_of_span(kind, x, length, 0.0f);
    const double total = sum64(sums.sum), squares = sum64(sums.squares);
    *mean = total * (1.0 / (double)(selection ? selection->count : length));
    *m2 = squares - total * *mean;
    if (!is_exact_enough(squares, *m2)) {
        moments_about_first(x, length, selection, mean, m2);
    }
}

/* Sums 16 spans one by one, and then the lanes of all. */
NORMA_STEP struct sums sums_of_16_spans(const void *x, int64_t length) {
    f64x16 sum[NORMA_LANES], square[NORMA_LANES];
    for (int r = 0; r < NORMA_LANES; r++) {
        const struct sums sums =
            sums_of_span((struct moments_kind){0}, element_at(x, r * length), length, 0.0f);
        sum[r] = sums.sum;
        square[r] = sums.squares;
    }
    return (struct sums){sums64(sum), sums64(square)};
}

/* Sums 16 spans of at most IN_A_LANE elements, each in a lane. */
NORMA_STEP struct sums sums_of_16_tails(const void *x, int64_t length) {
    const f64x16 zero = splat64(0.0);
    float columns[NORMA_LANES * NORMA_LANES];
    f64x16 sum[NORMA_LANES], square[NORMA_LANES];
    transpose_tails(x, length, columns);
    for (int64_t i = 0; i < length; i++) {
        const f64x16 d = widen_load32(columns + i * NORMA_LANES);
        sum[i] = add64(zero, d);
        square[i] = add_square(zero, d, true);
    }
    return (struct sums){sum_tails(sum, length), sum_tails(square, length)};
}

NORMA_STEP struct sums sums_of_16(const void *x, int64_t length) {
    switch (length) {
    case 2:
        return sums_of_16_tails(x, 2);
    case 4:
        return sums_of_16_tails(x, 4);
    case 8:
        return sums_of_16_tails(x, 8);
    default:
        return length <= IN_A_LANE ? sums_of_16_tails(x, length) : sums_of_16_spans(x, length);
    }
}

/* Takes 16 short spans at once: the steps after the sums are a good part of their work, and are
 * done here for all 16 in the lanes of a vector. */
static void moments_of_16_spans(const void *x, int64_t length, double *mean, double *m2) {
    const struct sums sums = sums_of_16(x, length);
    const f64x16 average = mul64(sums.sum, splat64(1.0 / (double)length));
    double squares[NORMA_LANES];
    store64(squares, sums.squares);
    store64(mean, average);
    store64(m2, sub64(sums.squares, mul64(sums.sum, average)));
    for (int r = 0; r < NORMA_LANES; r++) {
        if (!is_exact_enough(squares[r], m2[r])) {
            moments_about_first(element_at(x, r * length), length, NULL, &mean[r], &m2[r]);
        }
    }
}

static void moments(const void *x, int64_t length, int64_t spans,
                    const struct norma_selection *selection, double *mean, double *m2) {
    int64_t r = 0;
    for (; length <= SHORT_SPAN && !selection && r + NORMA_LANES <= spans; r += NORMA_LANES) {
        moments_of_16_spans(element_at(x, r * length), length, mean + r, m2 + r);
    }
    for (; r < spans; r++) {
        const element *span = element_at(x, r * length);
        /* Written twice, so that the loop without a selection is compiled without one. */
        if (selection) {
            moments_of_span(span, length, selection, &mean[r], &m2[r]);
        } else {
            moments_of_span(span, length, NULL, &mean[r], &m2[r]);
        }
    }
}
