/* Mean and sum of squared deviations of one run, in one trip over the data. Part of template.h.
 *
 * Sums are taken in double of d = x - x[0]. The shift makes the one-pass formula
 * m2 = sum d^2 - (sum d)^2 / n safe for any |mean| >> sigma: x[0] is one of the data, so
 * (mean - x[0])^2 <= m2, hence sum d^2 <= (1 + n) m2, and the cancellation costs a factor of at
 * most 1 + n <= 4097 of 2^-53: some 1e-10, far below the rounding of the float result. Squares of
 * floats neither overflow nor underflow in double. Absent lanes of the tail hold x[0], so d = 0,
 * and so do elements that are not selected; x[0] is then the first that is.
 *
 * Rejected: float sums about a guessed centre are faster in L1 (half the conversions), but need a
 * second trip when the guess was bad, and a rescue where squares leave the range of float.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

enum {
    /* Elements of a run, from which on the end of the sums does not matter. */
    SHORT_RUN = 512
};

struct sums {
    f64x16 sum, squares;
};

NORMA_STEP f64x16 selected(const float *x, int64_t i, int count, float first,
                           const struct norma_selection *selection) {
    if (selection) {
        return widen(pick(selection, i, count, get(x + i, count), splat(first)));
    }
    return count == NORMA_LANES ? widen_load(x + i) : widen_load_tail(x + i, count, first);
}

NORMA_STEP struct sums moments_step(struct sums sums, const float *x, int64_t i, int count,
                                    float first, const struct norma_selection *selection) {
    const f64x16 d = sub64(selected(x, i, count, first, selection), splat64((double)first));
    return (struct sums){add64(sums.sum, d), fma64(d, d, sums.squares)};
}

NORMA_STEP struct sums sums_of_run(const float *x, int64_t length, float first,
                                   const struct norma_selection *selection) {
    struct sums sums = {splat64(0.0), splat64(0.0)};
    int64_t i = 0;
    for (; i + NORMA_LANES <= length; i += NORMA_LANES) {
        sums = moments_step(sums, x, i, NORMA_LANES, first, selection);
    }
    if (i < length) {
        sums = moments_step(sums, x, i, (int)(length - i), first, selection);
    }
    return sums;
}

NORMA_STEP void moments_of_run(const float *x, int64_t length,
                               const struct norma_selection *selection, double *mean, double *m2) {
    const float first = x[selection ? selection->first : 0];
    const double count = (double)(selection ? selection->count : length);
    const struct sums sums = sums_of_run(x, length, first, selection);
    const double total = sum64(sums.sum);
    const double offset = total * (1.0 / count);
    const double deviations = sum64(sums.squares) - total * offset;
    *mean = (double)first + offset;
    /* Rounding may leave a tiny negative; NaN fails the comparison and stays. */
    *m2 = deviations < 0.0 ? 0.0 : deviations;
}

/* Of short runs: what follows the sums is a good part of the work, and is done for 16 of them in
 * the lanes of a vector. */
static void moments_of_16_runs(const float *x, int64_t length, double *mean, double *m2) {
    f64x16 sum[NORMA_LANES], squares[NORMA_LANES];
    float first[NORMA_LANES];
    for (int r = 0; r < NORMA_LANES; r++) {
        first[r] = x[r * length];
        const struct sums sums = sums_of_run(x + r * length, length, first[r], NULL);
        sum[r] = sums.sum;
        squares[r] = sums.squares;
    }
    const f64x16 total = sums64(sum);
    const f64x16 offset = mul64(total, splat64(1.0 / (double)length));
    store64(mean, add64(widen_load(first), offset));
    store64(m2, sub64(sums64(squares), mul64(total, offset)));
    for (int r = 0; r < NORMA_LANES; r++) {
        m2[r] = m2[r] < 0.0 ? 0.0 : m2[r];
    }
}

static void moments(const float *x, int64_t length, int64_t runs,
                    const struct norma_selection *selection, double *mean, double *m2) {
    int64_t r = 0;
    for (; length <= SHORT_RUN && !selection && r + NORMA_LANES <= runs; r += NORMA_LANES) {
        moments_of_16_runs(x + r * length, length, mean + r, m2 + r);
    }
    for (; r < runs; r++) {
        if (selection) {
            moments_of_run(x + r * length, length, selection, &mean[r], &m2[r]);
        } else {
            moments_of_run(x + r * length, length, NULL, &mean[r], &m2[r]);
        }
    }
}
