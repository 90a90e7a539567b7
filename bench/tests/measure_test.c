/* The measuring loop, with contenders whose times are known.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/sampling.h"
#include "bench/tests/actors.h"

#include <criterion/criterion.h>

enum { MOST = 50, ACTORS = 3 };

static struct actor actors[ACTORS];
static struct bench_contender contenders[ACTORS];
static double samples[ACTORS][MOST];
static const struct norma_args no_tensors;

static void start(int which, double seconds) {
    actors[which] = (struct actor){.seconds = seconds};
    contenders[which] = (struct bench_contender){.implementation = &actor_implementation,
                                                 .state = &actors[which],
                                                 .samples = samples[which]};
}

static struct bench_effort effort_of(double seconds, size_t min_samples) {
    return (struct bench_effort){
        .seconds = seconds, .min_samples = min_samples, .max_samples = MOST, .precision = 0};
}

Test(measure, finds_the_time_of_each) {
    start(0, 20e-6);
    start(1, 100e-6);
    start(2, 1e-3);
    struct bench_effort effort = effort_of(0.3, 5);
    cr_assert(bench_measure(contenders, ACTORS, &no_tensors, &effort, 1));
    for (int i = 0; i < ACTORS; i++) {
        struct bench_contender *contender = &contenders[i];
        cr_expect_geq(contender->count, 5);
        cr_expect_geq(contender->estimate.median, actors[i].seconds);
        cr_expect_leq(contender->estimate.median, 1.01 * actors[i].seconds, "%g of %g",
                      contender->estimate.median, actors[i].seconds);
        cr_expect_leq(contender->estimate.low, contender->estimate.median);
        cr_expect_geq(contender->estimate.high, contender->estimate.median);
    }
}

Test(measure, short_executions_come_in_batches) {
    start(0, 5e-6);
    start(1, 2e-3);
    struct bench_effort effort = effort_of(0.05, 5);
    cr_assert(bench_measure(contenders, 2, &no_tensors, &effort, 1));
    cr_expect_geq(contenders[0].batch, 10);
    cr_expect_eq(contenders[1].batch, 1);
}

Test(measure, the_minimum_is_kept_beyond_the_budget) {
    start(0, 5e-3);
    start(1, 5e-3);
    struct bench_effort effort = effort_of(1e-3, 5);
    cr_assert(bench_measure(contenders, 2, &no_tensors, &effort, 1));
    cr_expect_eq(contenders[0].count, 5);
    cr_expect_eq(contenders[1].count, 5);
}

Test(measure, long_executions_need_three) {
    start(0, 0.31);
    struct bench_effort effort = effort_of(1e-3, 5);
    cr_assert(bench_measure(contenders, 1, &no_tensors, &effort, 1));
    cr_expect_eq(contenders[0].count, 3);
}

Test(measure, what_ran_before_and_is_slow_needs_no_warming_up) {
    start(0, 60e-3);
    contenders[0].expected = 61e-3;
    struct bench_effort effort = effort_of(1e-3, 3);
    cr_assert(bench_measure(contenders, 1, &no_tensors, &effort, 1));
    cr_expect_eq(contenders[0].count, 3);
    cr_expect_eq(actors[0].executions, 3);
}

Test(measure, the_maximum_ends_it) {
    start(0, 50e-6);
    struct bench_effort effort = effort_of(10, 5);
    double begin = bench_now();
    cr_assert(bench_measure(contenders, 1, &no_tensors, &effort, 1));
    cr_expect_eq(contenders[0].count, (size_t)MOST);
    cr_expect_lt(bench_now() - begin, 5);
}

Test(measure, precision_ends_it) {
    start(0, 300e-6);
    struct bench_effort effort = effort_of(10, 5);
    effort.precision = 10;
    cr_assert(bench_measure(contenders, 1, &no_tensors, &effort, 1));
    cr_expect_eq(contenders[0].count, 10);
}

Test(measure, a_slow_one_leaves_the_others_their_time) {
    start(0, 1e-3);
    start(1, 60e-3);
    struct bench_effort effort = effort_of(0.3, 3);
    cr_assert(bench_measure(contenders, 2, &no_tensors, &effort, 1));
    cr_expect_eq(contenders[1].count, 3);
    cr_expect_geq(contenders[0].count, 20);
}

Test(measure, priming_executes_more_before_each_sample) {
    start(0, 300e-6);
    struct bench_effort effort = effort_of(1e-3, 5);
    cr_assert(bench_measure(contenders, 1, &no_tensors, &effort, 1));
    int without = actors[0].executions;
    start(0, 300e-6);
    effort.primers = 2;
    cr_assert(bench_measure(contenders, 1, &no_tensors, &effort, 1));
    cr_expect_eq(actors[0].executions, without + 2 * 5);
}

Test(measure, one_that_fails_is_left_out) {
    start(0, 300e-6);
    start(1, 300e-6);
    actors[1].fails_from = 6;
    struct bench_effort effort = effort_of(1e-3, 5);
    cr_assert(bench_measure(contenders, 2, &no_tensors, &effort, 1));
    cr_expect_eq(contenders[1].status, NORMA_STATUS_OVERLAP);
    cr_expect_leq(actors[1].executions, 6);
    cr_expect_eq(contenders[0].status, NORMA_STATUS_OK);
    cr_expect_geq(contenders[0].count, 5);
}

Test(measure, one_that_never_works_does_not_hang_it) {
    start(0, 0);
    actors[0].fails_from = 1;
    struct bench_effort effort = effort_of(1e-3, 5);
    cr_assert(bench_measure(contenders, 1, &no_tensors, &effort, 1));
    cr_expect_eq(contenders[0].status, NORMA_STATUS_OVERLAP);
    cr_expect_eq(contenders[0].count, 0);
}

/* ---- other work on the core ----------------------------------------------------------------- */

Test(measure, disturbed_samples_are_left_out_and_counted) {
    start(0, 300e-6);
    actors[0].taken = 3e-3;
    actors[0].taken_once_in = 3;
    struct bench_effort effort = effort_of(0.05, 5);
    cr_assert(bench_measure(contenders, 1, &no_tensors, &effort, 1));
    cr_expect_geq(contenders[0].count, 5);
    cr_expect_geq(contenders[0].disturbed, 2);
    cr_expect_not(contenders[0].uncertain);
    cr_expect_leq(contenders[0].estimate.high, 1.01 * actors[0].seconds);
    cr_expect_leq(contenders[0].cpu, 1.01 * actors[0].seconds);
}

Test(measure, where_all_samples_are_disturbed_the_figure_is_uncertain) {
    start(0, 5e-3);
    actors[0].taken = 3e-3;
    actors[0].taken_once_in = 1;
    struct bench_effort effort = effort_of(1e-3, 5);
    cr_assert(bench_measure(contenders, 1, &no_tensors, &effort, 1));
    cr_expect(contenders[0].uncertain);
    cr_expect_eq(contenders[0].disturbed, 20, "no more than four times what is needed: %zu",
                 contenders[0].disturbed);
    cr_expect_eq(contenders[0].count, contenders[0].disturbed);
    cr_expect_float_eq(contenders[0].estimate.median, actors[0].seconds, 1e-6,
                       "what others took is left out");
    cr_expect_leq(contenders[0].cpu, 1.01 * actors[0].seconds, "%g", contenders[0].cpu);
}

Test(measure, no_sample_is_shorter_than_its_caller_ran) {
    start(0, 5e-3);
    actor_waited = 50e-3;
    struct bench_effort effort = effort_of(1e-3, 5);
    cr_assert(bench_measure(contenders, 1, &no_tensors, &effort, 1));
    cr_expect(contenders[0].uncertain);
    for (size_t i = 0; i < contenders[0].count; i++) {
        cr_expect_float_eq(contenders[0].samples[i], actors[0].seconds, 1e-6);
    }
}

Test(measure, little_lost_is_not_disturbed) {
    start(0, 5e-3);
    actors[0].taken = 50e-6;
    actors[0].taken_once_in = 1;
    struct bench_effort effort = effort_of(1e-3, 5);
    cr_assert(bench_measure(contenders, 1, &no_tensors, &effort, 1));
    cr_expect_eq(contenders[0].disturbed, 0);
    cr_expect_not(contenders[0].uncertain);
}
