/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/spans/merge.h"

#include <math.h>
#include <string.h>

enum { CHUNKS_AT_ONCE = 64 };

struct moments {
    double count, mean, m2;
};

/* Returns the moments of the union of two sets (Chan, Golub, LeVeque). delta^2 cannot overflow,
 * because floats are below 2^128. If a is empty, the result is b to the bit. */
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

/* ---- moments ------------------------------------------------------------------------------ */

void norma_moments_of_chunks(const struct norma_plan *plan, const void *span, int64_t length,
                             int64_t first, int64_t count, struct norma_moment_arrays moments) {
    const int64_t whole = length / NORMA_CHUNK;
    const int64_t last = first + count;
    const int64_t last_whole = norma_min(last, whole);
    int64_t done = 0;
    if (first < last_whole) {
        done = last_whole - first;
        plan->set->moments(norma_element_at(plan, span, first * NORMA_CHUNK), NORMA_CHUNK, done,
                           NULL, moments.mean, moments.m2);
    }
    if (first + done < last) {
        plan->set->moments(norma_element_at(plan, span, whole * NORMA_CHUNK),
                           length - whole * NORMA_CHUNK, 1, NULL, moments.mean + done,
                           moments.m2 + done);
    }
}

/* Merges chunks [first, first + count) of a span into the total of those before. */
static struct moments merge_chunks(struct moments total, int64_t length, int64_t first,
                                   int64_t count, struct norma_moment_arrays chunks) {
    for (int64_t i = 0; i < count; i++) {
        const int64_t elements = norma_min(length - (first + i) * NORMA_CHUNK, NORMA_CHUNK);
        total = merge(total, (struct moments){(double)elements, chunks.mean[i], chunks.m2[i]});
    }
    return total;
}

void norma_merge_chunks(int64_t length, struct norma_moment_arrays chunks,
                        struct norma_moment_arrays span) {
    const struct moments total =
        merge_chunks((struct moments){0}, length, 0, norma_chunks(length), chunks);
    *span.mean = total.mean;
    *span.m2 = total.m2;
}

static void moments_of_long_span(const struct norma_plan *plan, const void *span, int64_t length,
                                 struct norma_moment_arrays moments) {
    double mean[CHUNKS_AT_ONCE], m2[CHUNKS_AT_ONCE];
    const int64_t chunks = norma_chunks(length);
    struct moments total = {0};
    for (int64_t first = 0; first < chunks; first += CHUNKS_AT_ONCE) {
        const struct norma_moment_arrays some = {mean, m2};
        const int64_t count = norma_min(chunks - first, CHUNKS_AT_ONCE);
        norma_moments_of_chunks(plan, span, length, first, count, some);
        total = merge_chunks(total, length, first, count, some);
    }
    *moments.mean = total.mean;
    *moments.m2 = total.m2;
}

void norma_moments_of_spans(const struct norma_plan *plan, const void *x, int64_t length,
                            int64_t spans, struct norma_moment_arrays moments) {
    if (length <= NORMA_CHUNK) {
        plan->set->moments(x, length, spans, NULL, moments.mean, moments.m2);
        return;
    }
    for (int64_t i = 0; i < spans; i++) {
        moments_of_long_span(plan, norma_element_at(plan, x, i * length), length,
                             norma_moments_from(moments, i));
    }
}

/* ---- regions ------------------------------------------------------------------------------ */

/* Returns the elements with this label, of which there may be none. */
static struct norma_selection select_label(const uint8_t *labels, int64_t length, uint8_t label) {
    struct norma_selection selection = {.labels = labels, .label = label};
    for (int64_t i = 0; i < length; i++) {
        selection.count += labels[i] == label;
    }
    while (selection.count > 0 && labels[selection.first] != label) {
        selection.first++;
    }
    return selection;
}

void norma_moments_of_region(const struct norma_plan *plan, const void *x, int64_t planes,
                             struct norma_region region, struct norma_moment_arrays moments) {
    const int64_t length = plan->spatial;
    memset(moments.mean, 0, (size_t)planes * sizeof *moments.mean);
    memset(moments.m2, 0, (size_t)planes * sizeof *moments.m2);
    double before = 0.0;
    for (int64_t start = 0; start < length; start += NORMA_CHUNK) {
        const int64_t size = norma_min(length - start, NORMA_CHUNK);
        const struct norma_selection selection =
            select_label(region.labels + start, size, region.label);
        for (int64_t i = 0; selection.count > 0 && i < planes; i++) {
            double mean, m2;
            plan->set->moments(norma_element_at(plan, x, i * length + start), size, 1, &selection,
                               &mean, &m2);
            norma_merge_sets(1, before, norma_moments_from(moments, i), (double)selection.count,
                             (struct norma_moment_arrays){&mean, &m2});
        }
        before += (double)selection.count;
    }
}

/* ---- sums --------------------------------------------------------------------------------- */

/* Returns the work on one chunk of the work's first span. */
static struct norma_gradient_sums chunk_of(const struct norma_plan *plan,
                                           const struct norma_gradient_sums *work, int64_t chunk) {
    const int64_t start = chunk * NORMA_CHUNK;
    struct norma_gradient_sums part = *work;
    part.x = norma_element_at(plan, work->x, start);
    part.dy = norma_element_at(plan, work->dy, start);
    part.y = norma_element_at(plan, work->y, start);
    part.length = norma_min(work->length - start, NORMA_CHUNK);
    part.spans = 1;
    return part;
}

void norma_sums_of_chunks(const struct norma_plan *plan, const struct norma_gradient_sums *work,
                          int64_t first, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        struct norma_gradient_sums part = chunk_of(plan, work, first + i);
        part.dy_sum = work->dy_sum + i;
        part.product = work->product + i;
        plan->set->gradient_sums(&part);
    }
}

/* Adds up the chunks of one span, in order. */
static void sum_span(const struct norma_plan *plan, const struct norma_gradient_sums *span,
                     struct norma_region region) {
    double dy_sum = 0.0, product = 0.0;
    for (int64_t chunk = 0; chunk < norma_chunks(span->length); chunk++) {
        double chunk_dy = 0.0, chunk_product = 0.0;
        struct norma_gradient_sums part = chunk_of(plan, span, chunk);
        struct norma_selection selection = {.label = region.label, .count = part.length};
        part.dy_sum = &chunk_dy;
        part.product = &chunk_product;
        if (region.labels) {
            selection.labels = region.labels + chunk * NORMA_CHUNK;
            part.selection = &selection;
        }
        plan->set->gradient_sums(&part);
        dy_sum += chunk_dy;
        product += chunk_product;
    }
    *span->dy_sum = dy_sum;
    *span->product = product;
}

void norma_sums_of_spans(const struct norma_plan *plan, const struct norma_gradient_sums *work,
                         struct norma_region region) {
    if (work->length <= NORMA_CHUNK && !region.labels) {
        plan->set->gradient_sums(work);
        return;
    }
    for (int64_t i = 0; i < work->spans; i++) {
        struct norma_gradient_sums span = *work;
        span.x = norma_element_at(plan, work->x, i * work->length);
        span.dy = norma_element_at(plan, work->dy, i * work->length);
        span.y = norma_element_at(plan, work->y, i * work->length);
        span.centre += i;
        span.dy_sum += i;
        span.product += i;
        sum_span(plan, &span, region);
    }
}

/* ---- merging ------------------------------------------------------------------------------ */

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

void norma_merge_sets(int64_t sets, double count, struct norma_moment_arrays moments,
                      double other_count, struct norma_moment_arrays others) {
    for (int64_t i = 0; i < sets; i++) {
        const struct moments total =
            merge((struct moments){count, moments.mean[i], moments.m2[i]},
                  (struct moments){other_count, others.mean[i], others.m2[i]});
        moments.mean[i] = total.mean;
        moments.m2[i] = total.m2;
    }
}

void norma_merge_samples(int64_t samples, int64_t channels, int64_t count,
                         struct norma_moment_arrays planes, struct norma_moment_arrays batch) {
    const double each = (double)count;
    for (int64_t c = 0; c < channels; c++) {
        batch.mean[c] = planes.mean[c];
        batch.m2[c] = planes.m2[c];
    }
    for (int64_t n = 1; n < samples; n++) {
        norma_merge_sets(channels, each * (double)n, batch, each,
                         norma_moments_from(planes, n * channels));
    }
}

void norma_inverse_std(int64_t sets, double count, double epsilon, double *m2) {
    const double share = 1.0 / count;
    for (int64_t i = 0; i < sets; i++) {
        m2[i] = 1.0 / sqrt(m2[i] * share + epsilon);
    }
}

void norma_inverse_norm(int64_t sets, int64_t count, bool mean_square, double epsilon,
                        struct norma_moment_arrays moments) {
    const double divisor = mean_square ? (double)count : 1.0;
    for (int64_t i = 0; i < sets; i++) {
        const double squares = moments.m2[i] + (double)count * (moments.mean[i] * moments.mean[i]);
        moments.m2[i] = 1.0 / sqrt(squares / divisor + epsilon);
    }
}
