/* Judges the ratio of two times, given its interval and a threshold, by one of four verdicts, the
 * same in every command.
 *
 * A verdict is a statement about the threshold, not about 1. An interval that holds 1 says that no
 * difference was found, which is no finding where the interval is wide: it would have hidden one.
 * So "no difference" has to be shown as well, by an interval that lies within the threshold (as in
 * a test of equivalence), and whatever shows neither is inconclusive. A difference has to be shown
 * by an interval that lies beyond the threshold, not only beyond 1: intervals do not know of what
 * differs between two copies of the same code (where their memory lies, what runs beside them),
 * which is some percent, and would call every hundredth copy slower.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_JUDGEMENT_H
#define BENCH_MEASURE_JUDGEMENT_H

#include "bench/measure/contender.h"
#include "bench/measure/statistics.h"

enum bench_verdict {
    BENCH_NO_DIFFERENCE, /* the interval is within 1 / (1 + threshold) and 1 + threshold */
    BENCH_FASTER,        /* it is below 1 / (1 + threshold) */
    BENCH_SLOWER,        /* it is above 1 + threshold */
    BENCH_INCONCLUSIVE   /* none of these, or there are too few values for an interval */
};

/* BENCH_MOST_NEEDED stands for as many or more. */
enum { BENCH_MOST_NEEDED = 100000, BENCH_JUDGEMENT_TEXT = 100 };

struct bench_judgement {
    enum bench_verdict verdict;
    double threshold; /* 0.05: 5% */
    /* About how many values would tell, with two digits, if the median stays where it is; 0 unless
     * inconclusive, and where the values are uncertain: more of the kind would not tell. */
    size_t needed;
};

/* Judges the ratio of the new time to the old. `count` is the number of independent values behind
 * it (samples, rounds or pairs; of two sides, the smaller number), and must be above 0. */
struct bench_judgement bench_judge(const struct bench_estimate *ratio, size_t count,
                                   double threshold);

/* Judges the time of `other` relative to that of `first`, which were measured against each other;
 * *ratio is set to the ratio of their medians. Both must have samples. Counts the samples of both,
 * less two: from 6 of these on, and not with fewer, samples of which all of one side are above all
 * of the other are so by chance in less than one of 20 cases. Where one of them is uncertain, the
 * judgement is inconclusive, with 0 needed: more samples would be no better. */
struct bench_judgement bench_judge_contenders(const struct bench_contender *first,
                                              const struct bench_contender *other, double threshold,
                                              uint64_t seed, struct bench_estimate *ratio);

/* Returns the judgement of times that other work decided, whatever they are. */
struct bench_judgement bench_judge_uncertain(double threshold);

/* Returns the judgement as inconclusive, for a test that the interval does not know of. `count`
 * times `growth` values would pass that test; growth must be above 0. */
struct bench_judgement bench_judge_inconclusive(size_t count, double threshold, double growth);

/* Writes the judgement in words, such as "slower" and "inconclusive: 5% cannot be told here, about
 * 48 rounds would". `unit` is what the values are called, such as "rounds". */
void bench_judgement_print(const struct bench_judgement *judgement, const char *unit,
                           char text[BENCH_JUDGEMENT_TEXT]);

#endif
