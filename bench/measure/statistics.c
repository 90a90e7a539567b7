/* Medians and bootstrap intervals.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/statistics.h"
#include "verify/harness/tool/tool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The ends of a 95% interval are the 25th smallest and largest of 1000 medians; the scatter of the
 * ends is then well below the width of the interval. */
enum { RESAMPLES = 1000, RANK_LOW = RESAMPLES / 40, RANK_HIGH = RESAMPLES - 1 - RANK_LOW };

int bench_compare_doubles(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double *sorted_copy(const double *samples, size_t count) {
    double *sorted = tool_allocate(count, sizeof *sorted);
    memcpy(sorted, samples, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, bench_compare_doubles);
    return sorted;
}

static double middle(const double *sorted, size_t count) {
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

double bench_median(const double *samples, size_t count) {
    double *sorted = sorted_copy(samples, count);
    double median = middle(sorted, count);
    free(sorted);
    return median;
}

/* Returns the sample of this rank in a resample that holds sorted[i] drawn[i] times. */
static double ranked(const double *sorted, const unsigned *drawn, size_t rank) {
    size_t i = 0;
    for (size_t passed = drawn[0]; passed <= rank; passed += drawn[i]) {
        i++;
    }
    return sorted[i];
}

static double drawn_median(const double *sorted, size_t count, const unsigned *drawn) {
    return (ranked(sorted, drawn, (count - 1) / 2) + ranked(sorted, drawn, count / 2)) / 2;
}

/* Draws count times with replacement, and counts how often each was drawn. Copies nothing: as the
 * samples are sorted already, no resample needs to be. */
static void draw(unsigned *drawn, size_t count, uint64_t *state) {
    memset(drawn, 0, count * sizeof *drawn);
    for (size_t i = 0; i < count; i++) {
        drawn[tool_random_below(state, count)]++;
    }
}

struct bench_estimate bench_estimate_median(const double *samples, size_t count, uint64_t seed) {
    double *sorted = sorted_copy(samples, count);
    unsigned *drawn = tool_allocate(count, sizeof *drawn);
    double medians[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
        draw(drawn, count, &seed);
        medians[i] = drawn_median(sorted, count, drawn);
    }
    qsort(medians, RESAMPLES, sizeof medians[0], bench_compare_doubles);
    struct bench_estimate estimate = {middle(sorted, count), medians[RANK_LOW], medians[RANK_HIGH]};
    free(drawn);
    free(sorted);
    return estimate;
}

/* The medians of one side of a pair: that of all samples, and those of the resamples. */
struct medians {
    double all, resampled[RESAMPLES];
};

struct ranked_sample {
    double value;
    size_t position; /* in the order of measurement */
};

static int compare_ranked(const void *a, const void *b) {
    return bench_compare_doubles(&((const struct ranked_sample *)a)->value,
                                 &((const struct ranked_sample *)b)->value);
}

static struct ranked_sample *rank_samples(const double *samples, size_t count) {
    struct ranked_sample *ranked_samples = tool_allocate(count, sizeof *ranked_samples);
    for (size_t k = 0; k < count; k++) {
        ranked_samples[k] = (struct ranked_sample){samples[k], k};
    }
    qsort(ranked_samples, count, sizeof *ranked_samples, compare_ranked);
    return ranked_samples;
}

/* Draws by position and not by rank: with the same seed, the i-th resamples of all pairs draw the
 * same rounds. */
static void take_medians(const double *samples, size_t count, uint64_t seed,
                         struct medians *medians) {
    double *sorted = sorted_copy(samples, count);
    struct ranked_sample *ranked_samples = rank_samples(samples, count);
    unsigned *drawn = tool_allocate(2 * count, sizeof *drawn), *drawn_sorted = drawn + count;
    medians->all = middle(sorted, count);
    for (int i = 0; i < RESAMPLES; i++) {
        uint64_t state = seed + (uint64_t)i;
        draw(drawn, count, &state);
        for (size_t k = 0; k < count; k++) {
            drawn_sorted[k] = drawn[ranked_samples[k].position];
        }
        medians->resampled[i] = drawn_median(sorted, count, drawn_sorted);
    }
    free(drawn);
    free(ranked_samples);
    free(sorted);
}

struct bench_estimate bench_estimate_ratio(const struct bench_pair *pairs, size_t count,
                                           enum bench_drawing drawing, uint64_t seed) {
    double all = 0, resampled[RESAMPLES] = {0};
    uint64_t top_seed = tool_random_next(&seed), bottom_seed = tool_random_next(&seed);
    for (size_t p = 0; p < count; p++) {
        struct medians top, bottom;
        if (drawing == BENCH_DRAW_SAMPLES) {
            top_seed = tool_random_next(&seed);
            bottom_seed = tool_random_next(&seed);
        }
        take_medians(pairs[p].samples, pairs[p].count, top_seed, &top);
        take_medians(pairs[p].base, pairs[p].base_count, bottom_seed, &bottom);
        all += log(top.all / bottom.all) / (double)count;
        for (int i = 0; i < RESAMPLES; i++) {
            resampled[i] += log(top.resampled[i] / bottom.resampled[i]) / (double)count;
        }
    }
    qsort(resampled, RESAMPLES, sizeof resampled[0], bench_compare_doubles);
    return (struct bench_estimate){exp(all), exp(resampled[RANK_LOW]), exp(resampled[RANK_HIGH])};
}

double bench_relative_error(const struct bench_estimate *estimate) {
    return estimate->median > 0 ? (estimate->high - estimate->low) / 2 / estimate->median : 0;
}
