/* The problems of --quick and their tunings meet every way to go over a tensor.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/checks/tunings.h"

#include <criterion/criterion.h>
#include <norma_tools.h>
#include <stdlib.h>

#include "verify/checks/suite.h"
#include "verify/harness/harness.h"

enum strategy {
    TWO_PHASE,
    SPLIT_CHANNELS,
    TILES_OF_COLUMNS,
    TILES_OF_ROWS,
    TILES_OF_CHANNELS,
    TILES_OF_SAMPLES,
    STRATEGIES
};

static const char *const names[STRATEGIES] = {"two-phase",         "split channels",
                                              "tiles of columns",  "tiles of rows",
                                              "tiles of channels", "tiles of samples"};

static enum strategy strategy_of(const struct norma_problem *problem,
                                 const struct norma_description *plan) {
    if (plan->two_phase || plan->split_channels) {
        return plan->two_phase ? TWO_PHASE : SPLIT_CHANNELS;
    }
    if (plan->columns) {
        return plan->tile_channels < problem->c ? TILES_OF_COLUMNS : TILES_OF_ROWS;
    }
    const bool whole_batch =
        plan->tile_channels < problem->c && plan->tile_samples == problem->n && problem->n > 1;
    return whole_batch ? TILES_OF_CHANNELS : TILES_OF_SAMPLES;
}

/* Counts of problems, by direction. Tiles count only where there are several. */
struct counts {
    int strategy[2][STRATEGIES];
    int streams[2], prefetches[2];
    int cut[2]; /* gn: groups of several channels in planes, and several tiles in a sample */
};

static bool cuts_samples(const struct norma_problem *problem,
                         const struct norma_description *plan) {
    return problem->op == NORMA_OPERATOR_GN && problem->groups < problem->c && !plan->columns &&
           !plan->two_phase && plan->tile_channels < problem->c;
}

static void count(const struct norma_problem *problem, struct verify_tuning tuning,
                  struct counts *counts) {
    const bool backward = reference_is_backward(problem);
    const struct norma_options options = {.threads = tuning.threads, .profile = tuning.profile};
    struct norma_plan *plan;
    struct norma_description description;
    cr_assert(tuning.profile);
    cr_assert(norma_plan_create(&plan, problem, &options) == NORMA_STATUS_OK);
    norma_plan_describe(plan, &description);
    counts->streams[backward] += description.stream;
    counts->prefetches[backward] += description.prefetch_distance > 0;
    counts->cut[backward] += cuts_samples(problem, &description);
    if (description.two_phase || description.tiles > 1) {
        counts->strategy[backward][strategy_of(problem, &description)]++;
    }
    norma_plan_destroy(plan);
}

static void count_all(int threads, struct counts *counts) {
    struct verify_problems problems = {0};
    cr_assert(verify_suite(VERIFY_LEVEL_QUICK, &problems));
    for (size_t i = 0; i < VERIFY_TUNINGS; i++) {
        const struct verify_tuning tuning = verify_tuning_at(i);
        for (size_t turn = 0; turn < problems.count; turn++) {
            if (tuning.threads == threads && verify_tuning_has_turn(turn, i)) {
                count(&problems.list[turn], tuning, counts);
            }
        }
    }
    free(problems.list);
}

enum { ENOUGH = 3 };

static void expect_enough(int threads) {
    struct counts counts = {0};
    count_all(threads, &counts);
    for (int backward = 0; backward < 2; backward++) {
        for (int i = 0; i < STRATEGIES; i++) {
            cr_expect(counts.strategy[backward][i] >= ENOUGH, "%s, %s, %d threads: %d problems",
                      names[i], backward ? "backward" : "forward", threads,
                      counts.strategy[backward][i]);
        }
        cr_expect(counts.cut[backward] >= ENOUGH, "%d", counts.cut[backward]);
        cr_expect(counts.streams[backward] >= ENOUGH);
        cr_expect(counts.prefetches[backward] >= ENOUGH);
    }
}

Test(tunings, meet_every_strategy_in_quick_with_two_threads) {
    expect_enough(2);
}

Test(tunings, meet_every_strategy_in_quick_with_three_threads) {
    expect_enough(3);
}
