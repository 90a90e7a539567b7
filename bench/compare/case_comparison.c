/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/compare/case_comparison.h"
#include "bench/machine/machine.h"
#include "verify/harness/tool/tool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t count_kernels(const struct bench_input *input) {
    size_t kernels = 0;
    for (size_t i = 0; i < input->count; i++) {
        kernels += !bench_is_ceiling(input->cases[i].implementation);
    }
    return kernels;
}

static enum bench_drawing drawing_of(enum bench_design design) {
    return design == BENCH_BY_SAMPLE ? BENCH_DRAW_SAMPLES : BENCH_DRAW_ROUNDS;
}

/* ---- changes -------------------------------------------------------------------------------- */

static size_t count_values(const struct bench_pair *pair, enum bench_design design) {
    return design == BENCH_BY_PAIR || pair->count < pair->base_count ? pair->count
                                                                     : pair->base_count;
}

static struct bench_change change_of(const struct bench_paired_case *paired,
                                     enum bench_design design, uint64_t seed) {
    const struct bench_timed_case *candidate = &paired->candidate, *base = &paired->base;
    const struct bench_pair *pair = &paired->pair;
    return (struct bench_change){
        .base = base,
        .candidate = candidate,
        .uncertain = paired->uncertain,
        .before = bench_median(base->rounds, base->count),
        .after = bench_median(candidate->rounds, candidate->count),
        .count = count_values(pair, design),
        .ratio = bench_estimate_ratio(pair, 1, drawing_of(design), seed),
        .test = design == BENCH_BY_PAIR
                    ? bench_rank_test_of_pairs(candidate->rounds, base->rounds, candidate->count)
                    : bench_compare_ranks(pair->samples, pair->count, pair->base, pair->base_count),
    };
}

/* Corrects the p of all changes for as many tests. */
static void adjust(struct bench_change *changes, size_t count) {
    double *p = tool_allocate(count, sizeof *p);
    for (size_t i = 0; i < count; i++) {
        p[i] = changes[i].test.p;
    }
    bench_adjust_for_many(p, count);
    for (size_t i = 0; i < count; i++) {
        changes[i].adjusted = p[i];
    }
    free(p);
}

/* Returns how many times as many values would pass the test: the logarithm of p falls with their
 * number. The test passes where p is below the level after as strong a correction as now. */
static double growth_of(const struct bench_change *change, double level) {
    return log(change->adjusted / (level * change->test.p)) / log(1 / change->test.p);
}

/* Two runs of one program differ by some percent, by tens where memory lies otherwise, which the
 * samples of one run do not tell: they show no difference between programs, however many they
 * are. */
static struct bench_judgement judge(const struct bench_change *change, enum bench_design design,
                                    const struct bench_criterion *criterion) {
    if (change->uncertain) {
        return bench_judge_uncertain(criterion->threshold);
    }
    const struct bench_judgement judgement =
        bench_judge(&change->ratio, change->count, criterion->threshold);
    if (design == BENCH_BY_SAMPLE && judgement.verdict != BENCH_NO_DIFFERENCE) {
        return bench_judge_inconclusive(1, criterion->threshold, 1);
    }
    const bool differs = judgement.verdict == BENCH_SLOWER || judgement.verdict == BENCH_FASTER;
    return differs && change->adjusted >= criterion->level
               ? bench_judge_inconclusive(change->count, criterion->threshold,
                                          growth_of(change, criterion->level))
               : judgement;
}

static int by_ratio(const void *a, const void *b) {
    const double x = ((const struct bench_change *)a)->ratio.median;
    const double y = ((const struct bench_change *)b)->ratio.median;
    return (x < y) - (x > y);
}

static void find_changes(struct bench_comparison *comparison,
                         const struct bench_paired_cases *kernels) {
    comparison->count = kernels->count;
    comparison->changes = tool_allocate(kernels->count, sizeof comparison->changes[0]);
    for (size_t i = 0; i < kernels->count; i++) {
        comparison->changes[i] =
            change_of(&kernels->items[i], comparison->design, comparison->criterion.seed);
    }
    adjust(comparison->changes, comparison->count);
    for (size_t i = 0; i < comparison->count; i++) {
        comparison->changes[i].judgement =
            judge(&comparison->changes[i], comparison->design, &comparison->criterion);
    }
    qsort(comparison->changes, comparison->count, sizeof comparison->changes[0], by_ratio);
}

/* ---- means ---------------------------------------------------------------------------------- */

/* Returns the mean change of the kernels of an operator; NULL: of all. */
static struct bench_mean_change mean_of(const struct bench_comparison *comparison,
                                        const struct bench_paired_cases *cases, const char *name,
                                        const char *operator_name) {
    struct bench_pair *pairs = tool_allocate(cases->count + 1, sizeof *pairs);
    struct bench_mean_change mean = {.name = name};
    for (size_t i = 0; i < cases->count; i++) {
        const struct bench_paired_case *paired = &cases->items[i];
        if (!operator_name || strcmp(paired->base.operator_name, operator_name) == 0) {
            pairs[mean.count++] = paired->pair;
        }
    }
    if (mean.count > 0) {
        mean.ratio = bench_estimate_ratio(pairs, mean.count, drawing_of(comparison->design),
                                          comparison->criterion.seed);
    }
    free(pairs);
    return mean;
}

static bool has_mean(const struct bench_comparison *comparison, const char *name) {
    for (size_t i = 0; i < comparison->mean_count; i++) {
        if (strcmp(comparison->means[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void add_mean(struct bench_comparison *comparison, struct bench_mean_change mean) {
    comparison->means =
        tool_grow(comparison->means, comparison->mean_count, sizeof comparison->means[0]);
    comparison->means[comparison->mean_count++] = mean;
}

static void find_means(struct bench_comparison *comparison,
                       const struct bench_paired_cases *kernels,
                       const struct bench_paired_cases *ceilings) {
    for (size_t i = 0; i < kernels->count; i++) {
        const char *name = kernels->items[i].base.operator_name;
        if (!has_mean(comparison, name)) {
            add_mean(comparison, mean_of(comparison, kernels, name, name));
        }
    }
    add_mean(comparison, mean_of(comparison, kernels, "all", NULL));
    comparison->ceilings = mean_of(comparison, ceilings, "ceilings", NULL);
}

/* ---- the comparison ------------------------------------------------------------------------- */

bool bench_comparisons(struct bench_comparison *comparison, const struct bench_input *base,
                       const struct bench_input *candidate, const struct bench_criterion *criterion,
                       struct tool_message *error) {
    struct bench_paired_cases *kernels = &comparison->paired, ceilings = {0};
    *comparison =
        (struct bench_comparison){.base = base, .candidate = candidate, .criterion = *criterion};
    bench_paired_cases_find(base, candidate, kernels, &ceilings);
    comparison->base_alone = count_kernels(base) - kernels->count;
    comparison->candidate_alone = count_kernels(candidate) - kernels->count;
    if (kernels->count > 0) {
        comparison->design = bench_design_of(kernels);
        bench_paired_cases_pair(kernels, comparison->design);
        bench_paired_cases_pair(&ceilings, comparison->design);
        find_changes(comparison, kernels);
        find_means(comparison, kernels, &ceilings);
    }
    bench_paired_cases_free(&ceilings);
    return comparison->count > 0 ||
           tool_fail(error,
                     "%.200s and %.200s have no problem with an implementation and number of "
                     "threads in common: nothing to compare",
                     base->name, candidate->name);
}

void bench_comparison_free(struct bench_comparison *comparison) {
    bench_paired_cases_free(&comparison->paired);
    free(comparison->changes);
    free(comparison->means);
    *comparison = (struct bench_comparison){0};
}

size_t bench_comparison_count(const struct bench_comparison *comparison,
                              enum bench_verdict verdict) {
    size_t count = 0;
    for (size_t i = 0; i < comparison->count; i++) {
        count += comparison->changes[i].judgement.verdict == verdict;
    }
    return count;
}

size_t bench_comparison_count_uncertain(const struct bench_comparison *comparison) {
    size_t count = 0;
    for (size_t i = 0; i < comparison->count; i++) {
        count += comparison->changes[i].uncertain;
    }
    return count;
}

size_t bench_comparison_needs(const struct bench_comparison *comparison) {
    size_t needed = 0;
    for (size_t i = 0; i < comparison->count; i++) {
        const size_t wanted = comparison->changes[i].judgement.needed;
        needed = wanted > needed ? wanted : needed;
    }
    return needed;
}

/* Corrects, as if it were the only change, the least p that any kernel can have: that of the one
 * with the most rounds, were all of them slower. */
bool bench_comparison_is_blind(const struct bench_comparison *comparison) {
    double least = 1;
    for (size_t i = 0; i < comparison->count; i++) {
        const struct bench_change *change = &comparison->changes[i];
        least = fmin(least, comparison->design == BENCH_BY_PAIR
                                ? bench_least_p_of_pairs(change->base->count)
                                : bench_least_p(change->candidate->count, change->base->count));
    }
    return comparison->design != BENCH_BY_SAMPLE &&
           least * (double)comparison->count >= comparison->criterion.level;
}
