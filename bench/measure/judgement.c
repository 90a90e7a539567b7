/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/measure/judgement.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

/* The range of five values, from the smallest to the largest, holds the median with a probability
 * of 1 - 2 / 2^5, less than 95%: there is no 95% interval, whatever a bootstrap of them prints. */
enum { LEAST_VALUES = 6 };

/* A ratio in logarithms, where slower and faster by the same factor are equally far from 0. */
struct logarithms {
    double median, low, high, limit;
};

static struct logarithms logarithms_of(const struct bench_estimate *ratio, double threshold) {
    return (struct logarithms){log(ratio->median), log(ratio->low), log(ratio->high),
                               log1p(threshold)};
}

static enum bench_verdict verdict_of(const struct logarithms *ratio) {
    if (ratio->low >= -ratio->limit && ratio->high <= ratio->limit) {
        return BENCH_NO_DIFFERENCE;
    }
    if (ratio->low > ratio->limit) {
        return BENCH_SLOWER;
    }
    return ratio->high < -ratio->limit ? BENCH_FASTER : BENCH_INCONCLUSIVE;
}

/* Returns how many times narrower the interval has to be around the same median for a verdict. */
static double excess_width(const struct logarithms *ratio) {
    const double median = ratio->median, limit = ratio->limit;
    const double above = ratio->high - median, below = median - ratio->low;
    if (median > limit) {
        return below / (median - limit);
    }
    return median < -limit ? above / (-median - limit)
                           : fmax(above / (limit - median), below / (median + limit));
}

/* Rounds up to two digits: an estimate of an estimate has no more. A whole number that a rounding
 * error has moved up stays. */
static double round_up(double number) {
    const double unit = number > 100 ? pow(10, floor(log10(number)) - 1) : 1;
    return ceil(number / unit - 1e-6) * unit;
}

struct bench_judgement bench_judge_uncertain(double threshold) {
    return (struct bench_judgement){BENCH_INCONCLUSIVE, threshold, 0};
}

struct bench_judgement bench_judge_inconclusive(size_t count, double threshold, double growth) {
    const double wanted = fmax((double)count * growth, fmax((double)count + 1, LEAST_VALUES));
    /* The comparison is false for what is infinite or no number: a width that nothing tells. */
    const bool known = wanted < BENCH_MOST_NEEDED;
    return (struct bench_judgement){BENCH_INCONCLUSIVE, threshold,
                                    known ? (size_t)round_up(wanted) : BENCH_MOST_NEEDED};
}

/* The width of an interval falls with the root of the number of values. */
struct bench_judgement bench_judge(const struct bench_estimate *ratio, size_t count,
                                   double threshold) {
    const struct logarithms logarithms = logarithms_of(ratio, threshold);
    const enum bench_verdict verdict = verdict_of(&logarithms);
    if (count < LEAST_VALUES || verdict == BENCH_INCONCLUSIVE) {
        return bench_judge_inconclusive(count, threshold, pow(excess_width(&logarithms), 2));
    }
    return (struct bench_judgement){verdict, threshold, 0};
}

struct bench_judgement bench_judge_contenders(const struct bench_contender *first,
                                              const struct bench_contender *other, double threshold,
                                              uint64_t seed, struct bench_estimate *ratio) {
    const struct bench_pair pair = {other->samples, first->samples, other->count, first->count};
    const size_t both = first->count + other->count;
    *ratio = bench_estimate_ratio(&pair, 1, BENCH_DRAW_SAMPLES, seed);
    if (first->uncertain || other->uncertain) {
        return bench_judge_uncertain(threshold);
    }
    return bench_judge(ratio, both > 2 ? both - 2 : 1, threshold);
}

static void print_inconclusive(const struct bench_judgement *judgement, const char *unit,
                               char text[BENCH_JUDGEMENT_TEXT]) {
    if (judgement->needed == 0) {
        snprintf(text, BENCH_JUDGEMENT_TEXT, "inconclusive: other work had a core");
        return;
    }
    const bool most = judgement->needed >= BENCH_MOST_NEEDED;
    snprintf(text, BENCH_JUDGEMENT_TEXT, "inconclusive: %g%% cannot be told here, %s %zu %s would",
             100 * judgement->threshold, most ? "more than" : "about", judgement->needed, unit);
}

void bench_judgement_print(const struct bench_judgement *judgement, const char *unit,
                           char text[BENCH_JUDGEMENT_TEXT]) {
    switch (judgement->verdict) {
    case BENCH_NO_DIFFERENCE:
        snprintf(text, BENCH_JUDGEMENT_TEXT, "no difference larger than %g%%",
                 100 * judgement->threshold);
        break;
    case BENCH_FASTER:
        snprintf(text, BENCH_JUDGEMENT_TEXT, "faster");
        break;
    case BENCH_SLOWER:
        snprintf(text, BENCH_JUDGEMENT_TEXT, "slower");
        break;
    case BENCH_INCONCLUSIVE:
        print_inconclusive(judgement, unit, text);
        break;
    }
}
