/* SPDX-License-Identifier: Apache-2.0 */
#include "statistics.h"

#include <math.h>

enum { CHUNKS_AT_ONCE = 64 };

struct moments {
    double count, mean, m2;
};

/* Chan, Golub, LeVeque: the moments of the union of two sets. delta^2 cannot overflow: floats are
 * below 2^128. An empty left side gives the right one to the bit. */
static inline struct moments merge(struct moments a, struct moments b) {
    if (a.count == 0.0) {
        return b;
    }
    const double count = a.count + b.count;
    const double delta = b.mean - a.mean;
    const double share = b.count / count;
    return (struct moments){
        .count = count,
        .mean = a.mean + delta * share,
        .m2 = a.m2 + b.m2 + delta * delta * (a.count * share),
    };
}

void norma_moments_of_chunks(const struct norma_set *set, const float *run, int64_t length,
                             int64_t first, int64_t count, double *mean, double *m2) {
    const int64_t whole = length / NORMA_CHUNK;
    const int64_t last = first + count;
    const int64_t last_whole = last < whole ? last : whole;
    int64_t done = 0;
    if (first < last_whole) {
        done = last_whole - first;
        set->moments(run + first * NORMA_CHUNK, NORMA_CHUNK, done, mean, m2);
    }
    if (first + done < last) {
        set->moments(run + whole * NORMA_CHUNK, length - whole * NORMA_CHUNK, 1, mean + done,
                     m2 + done);
    }
}

static struct moments merge_chunks(struct moments total, int64_t length, int64_t first,
                                   int64_t count, const double *mean, const double *m2) {
    for (int64_t i = 0; i < count; i++) {
        const int64_t rest = length - (first + i) * NORMA_CHUNK;
        const int64_t elements = rest < NORMA_CHUNK ? rest : NORMA_CHUNK;
        total = merge(total, (struct moments){(double)elements, mean[i], m2[i]});
    }
    return total;
}

void norma_merge_chunks(int64_t length, const double *chunk_mean, const double *chunk_m2,
                        double *mean, double *m2) {
    const struct moments total =
        merge_chunks((struct moments){0}, length, 0, norma_chunks(length), chunk_mean, chunk_m2);
    *mean = total.mean;
    *m2 = total.m2;
}

static void moments_of_long_run(const struct norma_set *set, const float *run, int64_t length,
                                double *mean, double *m2) {
    double chunk_mean[CHUNKS_AT_ONCE], chunk_m2[CHUNKS_AT_ONCE];
    const int64_t chunks = norma_chunks(length);
    struct moments total = {0};
    for (int64_t first = 0; first < chunks; first += CHUNKS_AT_ONCE) {
        const int64_t count = chunks - first < CHUNKS_AT_ONCE ? chunks - first : CHUNKS_AT_ONCE;
        norma_moments_of_chunks(set, run, length, first, count, chunk_mean, chunk_m2);
        total = merge_chunks(total, length, first, count, chunk_mean, chunk_m2);
    }
    *mean = total.mean;
    *m2 = total.m2;
}

void norma_moments_of_runs(const struct norma_set *set, const float *x, int64_t length,
                           int64_t runs, double *mean, double *m2) {
    if (length <= NORMA_CHUNK) {
        set->moments(x, length, runs, mean, m2);
        return;
    }
    for (int64_t r = 0; r < runs; r++) {
        moments_of_long_run(set, x + r * length, length, &mean[r], &m2[r]);
    }
}

void norma_merge_samples(int64_t samples, int64_t channels, int64_t stride, int64_t count,
                         const double *mean, const double *m2, double *batch_mean,
                         double *batch_m2) {
    const double each = (double)count;
    for (int64_t c = 0; c < channels; c++) {
        batch_mean[c] = mean[c];
        batch_m2[c] = m2[c];
    }
    for (int64_t n = 1; n < samples; n++) {
        const double before = each * (double)n;
        for (int64_t c = 0; c < channels; c++) {
            const struct moments total =
                merge((struct moments){before, batch_mean[c], batch_m2[c]},
                      (struct moments){each, mean[n * stride + c], m2[n * stride + c]});
            batch_mean[c] = total.mean;
            batch_m2[c] = total.m2;
        }
    }
}

void norma_inverse_std(int64_t sets, int64_t count, double epsilon, double *m2) {
    for (int64_t i = 0; i < sets; i++) {
        m2[i] = 1.0 / sqrt(m2[i] / (double)count + epsilon);
    }
}

void norma_inverse_norm(int64_t sets, int64_t count, double epsilon, const double *mean,
                        double *m2) {
    for (int64_t i = 0; i < sets; i++) {
        m2[i] = 1.0 / sqrt(m2[i] + (double)count * (mean[i] * mean[i]) + epsilon);
    }
}
