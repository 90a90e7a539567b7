/* Checks the four verdicts at their borders, and that as many values as an inconclusive one asks
 * for do tell.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/judgement.h"
#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

static struct bench_judgement judge(double median, double low, double high) {
    const struct bench_estimate ratio = {median, low, high};
    return bench_judge(&ratio, 12, 0.05);
}

static enum bench_verdict verdict(double median, double low, double high) {
    return judge(median, low, high).verdict;
}

Test(judgement, slower_needs_the_interval_beyond_the_threshold) {
    cr_expect_eq(verdict(1.06, 1.051, 1.2), BENCH_SLOWER);
    cr_expect_eq(verdict(1.06, 1.049, 1.2), BENCH_INCONCLUSIVE,
                 "two copies of one code differ, too");
    cr_expect_eq(verdict(1.04, 1.03, 1.06), BENCH_INCONCLUSIVE, "by 5%% or not cannot be told");
}

Test(judgement, faster_is_slower_with_the_sides_exchanged) {
    cr_expect_eq(verdict(1 / 1.06, 1 / 1.2, 1 / 1.051), BENCH_FASTER);
    cr_expect_eq(verdict(1 / 1.06, 1 / 1.2, 1 / 1.049), BENCH_INCONCLUSIVE);
    cr_expect_eq(verdict(1 / 1.04, 1 / 1.06, 1 / 1.03), BENCH_INCONCLUSIVE);
}

Test(judgement, no_difference_needs_the_interval_within_the_threshold) {
    cr_expect_eq(verdict(1, 0.96, 1.049), BENCH_NO_DIFFERENCE);
    cr_expect_eq(verdict(1.03, 1.02, 1.04), BENCH_NO_DIFFERENCE, "slower, but by less");
    cr_expect_eq(verdict(1, 0.96, 1.051), BENCH_INCONCLUSIVE, "it would hide a difference of 5%%");
    cr_expect_eq(verdict(1, 0.951, 1), BENCH_INCONCLUSIVE, "1 / 1.05 is above 0.951");
    cr_expect_eq(verdict(1, 0.7, 1.4), BENCH_INCONCLUSIVE);
}

Test(judgement, few_values_have_no_interval) {
    const struct bench_estimate ratio = {2, 1.9, 2.1}, equal = {1, 1, 1};
    cr_expect_eq(bench_judge(&ratio, 5, 0.05).verdict, BENCH_INCONCLUSIVE);
    cr_expect_eq(bench_judge(&ratio, 5, 0.05).needed, 6);
    cr_expect_eq(bench_judge(&ratio, 6, 0.05).verdict, BENCH_SLOWER);
    cr_expect_eq(bench_judge(&equal, 1, 0.05).verdict, BENCH_INCONCLUSIVE);
    cr_expect_eq(bench_judge(&equal, 6, 0.05).verdict, BENCH_NO_DIFFERENCE);
}

Test(judgement, what_is_needed_grows_with_the_square_of_the_width) {
    const double limit = log(1.05);
    cr_expect_eq(judge(1, exp(-2 * limit), exp(2 * limit)).needed, 48, "twice as wide as may be");
    cr_expect_eq(judge(exp(2 * limit), exp(-2 * limit), 2).needed, 200, "4 limits instead of 1");
    cr_expect_eq(judge(exp(-2 * limit), 0.5, exp(2 * limit)).needed, 200);
    cr_expect_eq(judge(1, exp(-limit), exp(10 * limit)).needed, 1200, "the worse side decides");
    cr_expect_eq(judge(1, exp(-limit), exp(3.3 * limit)).needed, 140, "130.7 with two digits");
    cr_expect_eq(judge(1, 0.95, 1.04).needed, 14, "more than there are");
    cr_expect_eq(judge(1.06, 1.051, 1.11).needed, 0);
}

Test(judgement, a_median_on_the_border_needs_more_than_anybody_measures) {
    const struct bench_estimate ratio = {1, 0.9, 1.1};
    cr_expect_eq(judge(1.0499999, 1.02, 1.08).needed, BENCH_MOST_NEEDED);
    cr_expect_eq(bench_judge(&ratio, 12, 0).needed, BENCH_MOST_NEEDED, "nothing is within 0%%");
}

static void expect_text(struct bench_judgement judgement, const char *expected) {
    char text[BENCH_JUDGEMENT_TEXT];
    bench_judgement_print(&judgement, "rounds", text);
    cr_expect_str_eq(text, expected);
}

Test(judgement, each_has_its_words) {
    expect_text(judge(1.1, 1.06, 1.12), "slower");
    expect_text(judge(0.9, 0.8, 0.95), "faster");
    expect_text(judge(1, 0.99, 1.01), "no difference larger than 5%");
    expect_text(judge(1, exp(-2 * log(1.05)), 1),
                "inconclusive: 5% cannot be told here, about 48 rounds would");
    expect_text(judge(1.0499999, 1, 1.1),
                "inconclusive: 5% cannot be told here, more than 100000 rounds would");
}

/* Returns a log-normal ratio, as of a busy machine: one in three is off by more than 15%. */
static double drawn(uint64_t *random, double factor) {
    double noise = 0;
    for (int i = 0; i < 12; i++) {
        noise += (double)tool_random_below(random, 1000) / 1000 - 0.5;
    }
    return factor * exp(0.15 * noise);
}

static struct bench_judgement measured(uint64_t *random, size_t count, double factor) {
    static const double one = 1;
    double *ratios = tool_allocate(count, sizeof *ratios);
    for (size_t i = 0; i < count; i++) {
        ratios[i] = drawn(random, factor);
    }
    const struct bench_pair pair = {ratios, &one, count, 1};
    const struct bench_estimate ratio = bench_estimate_ratio(&pair, 1, BENCH_DRAW_ROUNDS, 7);
    free(ratios);
    return bench_judge(&ratio, count, 0.05);
}

/* Returns how many of 100 sessions of so many values have this verdict. */
static int told(size_t values, double factor, enum bench_verdict expected) {
    uint64_t random = 3;
    int count = 0;
    for (int session = 0; session < 100; session++) {
        count += measured(&random, values, factor).verdict == expected;
    }
    return count;
}

Test(judgement, few_values_do_not_tell_and_do_not_pretend) {
    cr_expect_geq(told(10, 1, BENCH_INCONCLUSIVE), 80);
    cr_expect_leq(told(10, 1, BENCH_SLOWER), 5, "a side of a 95%% interval is missed in 2.5%%");
    cr_expect_leq(told(10, 1.1, BENCH_NO_DIFFERENCE), 5);
}

/* Returns the median of what 100 sessions ask for. */
static size_t needed(size_t values) {
    uint64_t random = 3;
    double all[100];
    for (int session = 0; session < 100; session++) {
        all[session] = (double)measured(&random, values, 1).needed;
    }
    return (size_t)bench_median(all, 100);
}

/* The half width of the interval of a median of n values that scatter by s is 1.96 1.25 s / sqrt(n)
 * in theory, which is the limit at 57 values. A median that is not 1 asks for more, one near the
 * limit for much more. */
Test(judgement, as_many_values_as_are_asked_for_tell) {
    const size_t asked = needed(20);
    cr_expect(asked > 40 && asked < 300, "%zu", asked);
    cr_expect_leq(told(20, 1, BENCH_NO_DIFFERENCE), 10);
    cr_expect_geq(told(2 * asked, 1, BENCH_NO_DIFFERENCE), 80);
    cr_expect_geq(told(4 * asked, 1.1, BENCH_SLOWER), 80, "a little less than 5%% from the limit");
    cr_expect_geq(told(4 * asked, 1 / 1.1, BENCH_FASTER), 80);
}

/* ---- contenders ----------------------------------------------------------------------------- */

static struct bench_judgement judge_contenders(size_t count, size_t other_count, bool uncertain) {
    static double samples[] = {1, 1.01, 1.02, 1.03}, longer[] = {2, 2.01, 2.02, 2.03, 2.04};
    const struct bench_contender first = {.samples = samples, .count = count},
                                 other = {.samples = longer,
                                          .count = other_count,
                                          .uncertain = uncertain};
    struct bench_estimate ratio;
    const struct bench_judgement judgement =
        bench_judge_contenders(&first, &other, 0.05, 1, &ratio);
    cr_expect(ratio.low > 1.9 && ratio.high < 2.1);
    return judgement;
}

Test(judgement, contenders_need_samples_that_chance_does_not_separate) {
    cr_expect_eq(judge_contenders(4, 4, false).verdict, BENCH_SLOWER);
    cr_expect_eq(judge_contenders(3, 5, false).verdict, BENCH_SLOWER);
    cr_expect_eq(judge_contenders(3, 4, false).verdict, BENCH_INCONCLUSIVE);
    cr_expect_eq(judge_contenders(1, 1, false).verdict, BENCH_INCONCLUSIVE);
}

Test(judgement, an_uncertain_contender_is_not_judged) {
    const struct bench_judgement judgement = judge_contenders(4, 4, true);
    cr_expect_eq(judgement.verdict, BENCH_INCONCLUSIVE);
    cr_expect_eq(judgement.needed, 0);
}
