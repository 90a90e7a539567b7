/* Changes from one side to the other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "comparison.h"
#include "ceiling.h"
#include "memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t count_kernels(const struct norma_side *side) {
    size_t kernels = 0;
    for (size_t i = 0; i < side->count; i++) {
        kernels += !norma_is_ceiling(side->timed[i].implementation);
    }
    return kernels;
}

static enum norma_drawing drawing_of(enum norma_design design) {
    return design == NORMA_BY_SAMPLE ? NORMA_DRAW_SAMPLES : NORMA_DRAW_ROUNDS;
}

/* ---- changes -------------------------------------------------------------------------------- */

static struct norma_change change_of(const struct norma_common *common, enum norma_design design,
                                     uint64_t seed) {
    const struct norma_timed *timed = common->timed, *base = common->base;
    const struct norma_pair *pair = &common->pair;
    return (struct norma_change){
        .base = base,
        .timed = timed,
        .before = norma_median(base->rounds, base->count),
        .after = norma_median(timed->rounds, timed->count),
        .ratio = norma_estimate_ratio(pair, 1, drawing_of(design), seed),
        .test = design == NORMA_BY_PAIR
                    ? norma_rank_test_of_pairs(timed->rounds, base->rounds, timed->count)
                    : norma_rank_test(pair->samples, pair->count, pair->base, pair->base_count),
    };
}

static void adjust(struct norma_change *changes, size_t count) {
    double *p = norma_allocate(count, sizeof *p);
    for (size_t i = 0; i < count; i++) {
        p[i] = changes[i].test.p;
    }
    norma_adjust_for_many(p, count);
    for (size_t i = 0; i < count; i++) {
        changes[i].adjusted = p[i];
    }
    free(p);
}

static enum norma_verdict judge(const struct norma_change *change,
                                const struct norma_criterion *criterion) {
    const struct norma_estimate *ratio = &change->ratio;
    if (change->adjusted >= criterion->level || (ratio->low <= 1 && ratio->high >= 1)) {
        return NORMA_UNCHANGED;
    }
    if (ratio->low > 1) {
        return ratio->median > 1 + criterion->threshold ? NORMA_REGRESSION : NORMA_SLOWER;
    }
    return ratio->median < 1 / (1 + criterion->threshold) ? NORMA_IMPROVEMENT : NORMA_FASTER;
}

static int by_ratio(const void *a, const void *b) {
    const double x = ((const struct norma_change *)a)->ratio.median;
    const double y = ((const struct norma_change *)b)->ratio.median;
    return (x < y) - (x > y);
}

static void find_changes(struct norma_comparison *comparison, const struct norma_commons *kernels) {
    comparison->count = kernels->count;
    comparison->changes = norma_allocate(kernels->count, sizeof comparison->changes[0]);
    for (size_t i = 0; i < kernels->count; i++) {
        comparison->changes[i] =
            change_of(&kernels->items[i], comparison->design, comparison->criterion.seed);
    }
    adjust(comparison->changes, comparison->count);
    for (size_t i = 0; i < comparison->count; i++) {
        comparison->changes[i].verdict = judge(&comparison->changes[i], &comparison->criterion);
    }
    qsort(comparison->changes, comparison->count, sizeof comparison->changes[0], by_ratio);
}

/* ---- means ---------------------------------------------------------------------------------- */

/* Of those of an operator; NULL: of all. */
static struct norma_mean_change mean_of(const struct norma_comparison *comparison,
                                        const struct norma_commons *commons, const char *name,
                                        const char *operator_name) {
    struct norma_pair *pairs = norma_allocate(commons->count + 1, sizeof *pairs);
    struct norma_mean_change mean = {.name = name};
    for (size_t i = 0; i < commons->count; i++) {
        const struct norma_common *common = &commons->items[i];
        if (!operator_name || strcmp(common->base->operator_name, operator_name) == 0) {
            pairs[mean.count++] = common->pair;
        }
    }
    if (mean.count > 0) {
        mean.ratio = norma_estimate_ratio(pairs, mean.count, drawing_of(comparison->design),
                                          comparison->criterion.seed);
    }
    free(pairs);
    return mean;
}

static bool has_mean(const struct norma_comparison *comparison, const char *name) {
    for (size_t i = 0; i < comparison->mean_count; i++) {
        if (strcmp(comparison->means[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void add_mean(struct norma_comparison *comparison, struct norma_mean_change mean) {
    comparison->means =
        norma_grow(comparison->means, comparison->mean_count, sizeof comparison->means[0]);
    comparison->means[comparison->mean_count++] = mean;
}

static void find_means(struct norma_comparison *comparison, const struct norma_commons *kernels,
                       const struct norma_commons *ceilings) {
    for (size_t i = 0; i < kernels->count; i++) {
        const char *name = kernels->items[i].base->operator_name;
        if (!has_mean(comparison, name)) {
            add_mean(comparison, mean_of(comparison, kernels, name, name));
        }
    }
    add_mean(comparison, mean_of(comparison, kernels, "all", NULL));
    comparison->ceilings = mean_of(comparison, ceilings, "ceilings", NULL);
}

/* ---- the comparison ------------------------------------------------------------------------- */

bool norma_compare(struct norma_comparison *comparison, const struct norma_side *base,
                   const struct norma_side *side, const struct norma_criterion *criterion,
                   struct norma_message *error) {
    struct norma_commons kernels = {0}, ceilings = {0};
    *comparison = (struct norma_comparison){.base = base, .side = side, .criterion = *criterion};
    norma_find_commons(base, side, &kernels, &ceilings);
    comparison->base_alone = count_kernels(base) - kernels.count;
    comparison->side_alone = count_kernels(side) - kernels.count;
    if (kernels.count > 0) {
        comparison->design = norma_design_of(&kernels);
        norma_commons_pair(&kernels, comparison->design);
        norma_commons_pair(&ceilings, comparison->design);
        find_changes(comparison, &kernels);
        find_means(comparison, &kernels, &ceilings);
    }
    norma_commons_free(&kernels);
    norma_commons_free(&ceilings);
    return comparison->count > 0 ||
           norma_fail(error,
                      "%.200s and %.200s have no problem with an implementation and number of "
                      "threads in common: nothing to compare",
                      base->name, side->name);
}

void norma_comparison_free(struct norma_comparison *comparison) {
    free(comparison->changes);
    free(comparison->means);
    *comparison = (struct norma_comparison){0};
}

size_t norma_comparison_count(const struct norma_comparison *comparison,
                              enum norma_verdict verdict) {
    size_t count = 0;
    for (size_t i = 0; i < comparison->count; i++) {
        count += comparison->changes[i].verdict == verdict;
    }
    return count;
}

/* The p of the kernel with the most rounds if each of them were slower, and no other kernel. */
bool norma_comparison_is_blind(const struct norma_comparison *comparison) {
    double least = 1;
    for (size_t i = 0; i < comparison->count; i++) {
        const struct norma_change *change = &comparison->changes[i];
        least = fmin(least, comparison->design == NORMA_BY_PAIR
                                ? norma_least_p_of_pairs(change->base->count)
                                : norma_least_p(change->timed->count, change->base->count));
    }
    return comparison->design != NORMA_BY_SAMPLE &&
           least * (double)comparison->count >= comparison->criterion.level;
}
