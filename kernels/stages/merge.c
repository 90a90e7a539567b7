/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/stages/merge.h"

#include <math.h>
#include <string.h>

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
        set->moments(run + first * NORMA_CHUNK, NORMA_CHUNK, done, NULL, mean, m2);
    }
    if (first + done < last) {
        set->moments(run + whole * NORMA_CHUNK, length - whole * NORMA_CHUNK, 1, NULL, mean + done,
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

static void moments_of_long_span(const struct norma_set *set, const float *run, int64_t length,
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

void norma_moments_of_spans(const struct norma_set *set, const float *x, int64_t length,
                            int64_t spans, double *mean, double *m2) {
    if (length <= NORMA_CHUNK) {
        set->moments(x, length, spans, NULL, mean, m2);
        return;
    }
    for (int64_t r = 0; r < spans; r++) {
        moments_of_long_span(set, x + r * length, length, &mean[r], &m2[r]);
    }
}

struct norma_selection norma_select(const uint8_t *labels, int64_t length, uint8_t label) {
    struct norma_selection selection = {.labels = labels, .label = label};
    for (int64_t i = 0; i < length; i++) {
        selection.count += labels[i] == label;
    }
    while (selection.count > 0 && labels[selection.first] != label) {
        selection.first++;
    }
    return selection;
}

void norma_moments_of_region(const struct norma_set *set, const float *x, int64_t length,
                             int64_t spans, const uint8_t *labels, uint8_t label, double *mean,
                             double *m2) {
    memset(mean, 0, (size_t)spans * sizeof *mean);
    memset(m2, 0, (size_t)spans * sizeof *m2);
    double before = 0.0;
    for (int64_t start = 0; start < length; start += NORMA_CHUNK) {
        const int64_t size = length - start < NORMA_CHUNK ? length - start : NORMA_CHUNK;
        const struct norma_selection selection = norma_select(labels + start, size, label);
        for (int64_t r = 0; selection.count > 0 && r < spans; r++) {
            struct moments chunk = {.count = (double)selection.count};
            set->moments(x + r * length + start, size, 1, &selection, &chunk.mean, &chunk.m2);
            const struct moments total = merge((struct moments){before, mean[r], m2[r]}, chunk);
            mean[r] = total.mean;
            m2[r] = total.m2;
        }
        before += (double)selection.count;
    }
}

/* Chunk number `chunk` of one run. */
static struct norma_gradient_sums part_of(const struct norma_gradient_sums *work, int64_t chunk) {
    const int64_t start = chunk * NORMA_CHUNK;
    const int64_t rest = work->length - start;
    struct norma_gradient_sums part = *work;
    part.x = norma_element_at(work->x, start);
    part.dy = norma_element_at(work->dy, start);
    part.y = norma_element_at(work->y, start);
    part.length = rest < NORMA_CHUNK ? rest : NORMA_CHUNK;
    part.spans = 1;
    return part;
}

void norma_sums_of_chunks(const struct norma_set *set, const struct norma_gradient_sums *work,
                          int64_t first, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        struct norma_gradient_sums part = part_of(work, first + i);
        part.dy_sum = work->dy_sum + i;
        part.product = work->product + i;
        set->gradient_sums(&part);
    }
}

/* Adds up the chunks of one run, in order. */
static void sum_span(const struct norma_set *set, const struct norma_gradient_sums *run,
                     const uint8_t *labels, uint8_t label) {
    double dy_sum = 0.0, product = 0.0;
    for (int64_t chunk = 0; chunk < norma_chunks(run->length); chunk++) {
        double chunk_dy = 0.0, chunk_product = 0.0;
        struct norma_gradient_sums part = part_of(run, chunk);
        part.dy_sum = &chunk_dy;
        part.product = &chunk_product;
        const struct norma_selection selection = {.labels =
                                                      labels ? labels + chunk * NORMA_CHUNK : NULL,
                                                  .label = label,
                                                  .count = part.length};
        part.selection = labels ? &selection : NULL;
        set->gradient_sums(&part);
        dy_sum += chunk_dy;
        product += chunk_product;
    }
    *run->dy_sum = dy_sum;
    *run->product = product;
}

void norma_sums_of_spans(const struct norma_set *set, const struct norma_gradient_sums *work,
                         const uint8_t *labels, uint8_t label) {
    if (work->length <= NORMA_CHUNK && !labels) {
        set->gradient_sums(work);
        return;
    }
    for (int64_t r = 0; r < work->spans; r++) {
        struct norma_gradient_sums run = *work;
        run.x = norma_element_at(work->x, r * work->length);
        run.dy = norma_element_at(work->dy, r * work->length);
        run.y = norma_element_at(work->y, r * work->length);
        run.centre += r;
        run.dy_sum += r;
        run.product += r;
        sum_span(set, &run, labels, label);
    }
}

void norma_merge_moments(double *count, double *mean, double *m2, double other_count,
                         double other_mean, double other_m2) {
    if (other_count == 0.0) {
        return;
    }
    const struct moments total = merge((struct moments){*count, *mean, *m2},
                                       (struct moments){other_count, other_mean, other_m2});
    *count = total.count;
    *mean = total.mean;
    *m2 = total.m2;
}

void norma_merge_sets(int64_t sets, double count, double *mean, double *m2, double other_count,
                      const double *other_mean, const double *other_m2) {
    for (int64_t i = 0; i < sets; i++) {
        const struct moments total =
            merge((struct moments){count, mean[i], m2[i]},
                  (struct moments){other_count, other_mean[i], other_m2[i]});
        mean[i] = total.mean;
        m2[i] = total.m2;
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
        norma_merge_sets(channels, each * (double)n, batch_mean, batch_m2, each, mean + n * stride,
                         m2 + n * stride);
    }
}

void norma_inverse_std(int64_t sets, double count, double epsilon, double *m2) {
    const double share = 1.0 / count;
    for (int64_t i = 0; i < sets; i++) {
        m2[i] = 1.0 / sqrt(m2[i] * share + epsilon);
    }
}

void norma_inverse_norm(int64_t sets, int64_t count, bool mean_square, double epsilon,
                        const double *mean, double *m2) {
    const double divisor = mean_square ? (double)count : 1.0;
    for (int64_t i = 0; i < sets; i++) {
        const double squares = m2[i] + (double)count * (mean[i] * mean[i]);
        m2[i] = 1.0 / sqrt(squares / divisor + epsilon);
    }
}
