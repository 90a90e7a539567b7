/* Mann and Whitney's test, Wilcoxon's test, and Benjamini and Hochberg's correction for many tests.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/ranks.h"
#include "bench/measure/statistics.h"
#include "verify/harness/tool/tool.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Up to 20 samples on either side, a double holds the numbers of arrangements exactly. */
enum { EXACT_COUNT = 20, EXACT_STATISTICS = EXACT_COUNT * EXACT_COUNT + EXACT_COUNT + 1 };

/* ---- Mann and Whitney ----------------------------------------------------------------------- */

struct counted {
    double statistic; /* U: the number of pairs in which a is larger; ties count half */
    double ties;      /* the sum of t^3 - t over groups of t equal values */
};

static double count_ties(const double *a, size_t a_count, const double *b, size_t b_count) {
    const size_t count = a_count + b_count;
    double *all = tool_allocate(count, sizeof *all), ties = 0;
    memcpy(all, a, a_count * sizeof *all);
    memcpy(all + a_count, b, b_count * sizeof *all);
    qsort(all, count, sizeof *all, bench_compare_doubles);
    for (size_t first = 0, i = 1; i <= count; i++) {
        if (i == count || all[i] > all[first]) {
            const double equal = (double)(i - first);
            ties += equal * equal * equal - equal;
            first = i;
        }
    }
    free(all);
    return ties;
}

static struct counted count_pairs(const double *a, size_t a_count, const double *b,
                                  size_t b_count) {
    struct counted counted = {0, count_ties(a, a_count, b, b_count)};
    for (size_t i = 0; i < a_count; i++) {
        for (size_t k = 0; k < b_count; k++) {
            counted.statistic += (a[i] > b[k]) + 0.5 * (a[i] == b[k]);
        }
    }
    return counted;
}

/* Sets arrangements[u] to the number of arrangements whose statistic is u: the coefficient of q^u
 * in the Gaussian binomial, the product over i of (1 - q^(b_count + i)) / (1 - q^i). */
static void count_arrangements(size_t a_count, size_t b_count, double *arrangements) {
    memset(arrangements, 0, EXACT_STATISTICS * sizeof *arrangements);
    arrangements[0] = 1;
    for (size_t i = 1; i <= a_count; i++) {
        for (size_t u = EXACT_STATISTICS; u-- > b_count + i;) {
            arrangements[u] -= arrangements[u - b_count - i];
        }
        for (size_t u = i; u < EXACT_STATISTICS; u++) {
            arrangements[u] += arrangements[u - i];
        }
    }
}

static double exact_p(double statistic, size_t a_count, size_t b_count) {
    double arrangements[EXACT_STATISTICS], all = 0, tail = 0;
    count_arrangements(a_count, b_count, arrangements);
    const double pairs = (double)(a_count * b_count);
    const double least = fmin(statistic, pairs - statistic);
    for (size_t u = 0; u <= a_count * b_count; u++) {
        all += arrangements[u];
        tail += (double)u <= least ? arrangements[u] : 0;
    }
    return fmin(1, 2 * tail / all);
}

/* Returns the two-sided p of a statistic at this distance from its mean. The distance is reduced by
 * half a step, the correction for approximating whole numbers by a continuous distribution. */
static double tail_p(double distance, double variance) {
    return variance > 0 && distance > 0.5 ? erfc((distance - 0.5) / sqrt(2 * variance)) : 1;
}

static double normal_p(struct counted counted, size_t a_count, size_t b_count) {
    const double m = (double)a_count, n = (double)b_count, all = m + n;
    const double variance = m * n / 12 * (all + 1 - counted.ties / (all * (all - 1)));
    return tail_p(fabs(counted.statistic - m * n / 2), variance);
}

struct bench_rank_test bench_compare_ranks(const double *a, size_t a_count, const double *b,
                                           size_t b_count) {
    const struct counted counted = count_pairs(a, a_count, b, b_count);
    const bool exact = counted.ties == 0 && a_count <= EXACT_COUNT && b_count <= EXACT_COUNT;
    return (struct bench_rank_test){
        .superiority = counted.statistic / (double)(a_count * b_count),
        .p = exact ? exact_p(counted.statistic, a_count, b_count)
                   : normal_p(counted, a_count, b_count),
    };
}

/* The probability of two arrangements: all of a above all of b, and its mirror image. */
double bench_least_p(size_t a_count, size_t b_count) {
    double p = 2;
    for (size_t i = 1; i <= a_count; i++) {
        p *= (double)i / (double)(b_count + i);
    }
    return fmin(1, p);
}

/* ---- Wilcoxon ------------------------------------------------------------------------------- */

enum { EXACT_PAIRS = 50, EXACT_SUMS = EXACT_PAIRS * (EXACT_PAIRS + 1) / 2 + 1 };

/* The differences that are not 0, sorted by size, and the score of each. */
struct scored {
    double *differences, *scores;
    size_t count;
    bool tied;
};

static int compare_sizes(const void *a, const void *b) {
    const double x = fabs(*(const double *)a), y = fabs(*(const double *)b);
    return (x > y) - (x < y);
}

/* Sets each score to the rank, but at most to the middle rank. Equal differences share the mean of
 * their ranks. */
static void score_ranks(struct scored *scored) {
    const double middle = floor((double)(scored->count + 1) / 2);
    for (size_t first = 0, next; first < scored->count; first = next) {
        next = first + 1;
        while (next < scored->count &&
               fabs(scored->differences[next]) == fabs(scored->differences[first])) {
            next++;
        }
        for (size_t i = first; i < next; i++) {
            scored->scores[i] = fmin(middle, (double)(first + 1 + next) / 2);
        }
        scored->tied = scored->tied || next > first + 1;
    }
}

static void score(struct scored *scored, const double *a, const double *b, size_t count) {
    *scored = (struct scored){.differences = tool_allocate(2 * count, sizeof(double))};
    scored->scores = scored->differences + count;
    for (size_t i = 0; i < count; i++) {
        const double difference = log(a[i] / b[i]);
        if (difference != 0) {
            scored->differences[scored->count++] = difference;
        }
    }
    qsort(scored->differences, scored->count, sizeof(double), compare_sizes);
    score_ranks(scored);
}

/* Returns the fraction of the 2^n sign assignments whose rank sum is at least as extreme as this
 * one (two-sided), n being the number of differences. Counts them rank by rank: signs[s] is the
 * number of assignments whose sum is s. */
static double exact_p_of_pairs(const struct scored *scored, double sum, double most) {
    double signs[EXACT_SUMS] = {1}, tail = 0;
    for (size_t i = 0; i < scored->count; i++) {
        const size_t rank = (size_t)scored->scores[i];
        for (size_t s = EXACT_SUMS; s-- > rank;) {
            signs[s] += signs[s - rank];
        }
    }
    const double least = fmin(sum, most - sum);
    for (size_t s = 0; (double)s <= least; s++) {
        tail += signs[s];
    }
    return fmin(1, ldexp(2 * tail, -(int)scored->count));
}

static double p_of_pairs(const struct scored *scored) {
    double sum = 0, most = 0, squares = 0;
    for (size_t i = 0; i < scored->count; i++) {
        sum += scored->differences[i] > 0 ? scored->scores[i] : 0;
        most += scored->scores[i];
        squares += scored->scores[i] * scored->scores[i];
    }
    return scored->tied || scored->count > EXACT_PAIRS ? tail_p(fabs(sum - most / 2), squares / 4)
                                                       : exact_p_of_pairs(scored, sum, most);
}

struct bench_rank_test bench_rank_test_of_pairs(const double *a, const double *b, size_t count) {
    struct scored scored;
    double larger = 0;
    for (size_t i = 0; i < count; i++) {
        larger += (a[i] > b[i]) + 0.5 * (a[i] == b[i]);
    }
    score(&scored, a, b, count);
    const double p = p_of_pairs(&scored);
    free(scored.differences);
    return (struct bench_rank_test){.superiority = larger / (double)count, .p = p};
}

double bench_least_p_of_pairs(size_t count) {
    return fmin(1, exp2(1 - (double)count));
}

/* ---- many tests ----------------------------------------------------------------------------- */

struct ranked_p {
    double p;
    size_t index;
};

static int compare_p(const void *a, const void *b) {
    return bench_compare_doubles(&((const struct ranked_p *)a)->p,
                                 &((const struct ranked_p *)b)->p);
}

void bench_adjust_for_many(double *p, size_t count) {
    struct ranked_p *ranked = tool_allocate(count, sizeof *ranked);
    for (size_t i = 0; i < count; i++) {
        ranked[i] = (struct ranked_p){p[i], i};
    }
    qsort(ranked, count, sizeof *ranked, compare_p);
    double least = 1;
    for (size_t rank = count; rank > 0; rank--) {
        least = fmin(least, ranked[rank - 1].p * (double)count / (double)rank);
        p[ranked[rank - 1].index] = least;
    }
    free(ranked);
}
