/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/run/table_figures.h"
#include "bench/measure/measure.h"
#include "verify/harness/tool/tool.h"

#include <stdlib.h>
#include <string.h>

bool bench_has_samples(const struct bench_entry *entry) {
    return entry->outcome == BENCH_TIMED && entry->contender.count > 0;
}

static double median_of(const struct bench_entry *entry) {
    return bench_median(entry->contender.samples, entry->contender.count);
}

static double minimum_of(const struct bench_entry *entry) {
    double least = entry->contender.samples[0];
    for (size_t i = 1; i < entry->contender.count; i++) {
        least = entry->contender.samples[i] < least ? entry->contender.samples[i] : least;
    }
    return least;
}

/* Returns the quicker of the ceilings so far; NULL if there is none. */
static const struct bench_entry *ceiling_of(const struct bench_table_view *view) {
    const struct bench_entry *best = NULL;
    for (size_t i = 0; i < view->count; i++) {
        const struct bench_entry *entry = &view->entries[i];
        if (entry->is_ceiling && bench_has_samples(entry) &&
            (!best || median_of(entry) < median_of(best))) {
            best = entry;
        }
    }
    return best;
}

const struct bench_entry *bench_first_of(const struct bench_table_view *view) {
    for (size_t i = 0; i < view->count; i++) {
        const struct bench_entry *entry = &view->entries[i];
        if (entry->contender.implementation == view->first && bench_has_samples(entry)) {
            return entry;
        }
    }
    return NULL;
}

static double rate(const struct bench_table_view *view, const struct bench_entry *entry) {
    return bench_gigabytes_per_second(&view->test_case->problem, entry, median_of(entry));
}

static struct bench_estimate ratio_of(const struct bench_table_view *view,
                                      const struct bench_entry *entry,
                                      const struct bench_entry *first) {
    const struct bench_pair pair = {entry->contender.samples, first->contender.samples,
                                    entry->contender.count, first->contender.count};
    return bench_estimate_ratio(&pair, 1, BENCH_DRAW_SAMPLES, view->seed);
}

static struct bench_figures figures_of(const struct bench_table_view *view,
                                       const struct bench_entry *entry) {
    const struct bench_entry *ceiling = ceiling_of(view), *first = bench_first_of(view);
    struct bench_figures figures = {.entry = entry, .timed = bench_has_samples(entry)};
    if (!figures.timed) {
        return figures;
    }
    const struct bench_contender *contender = &entry->contender;
    figures.time = bench_estimate_median(contender->samples, contender->count, view->seed);
    figures.minimum = minimum_of(entry);
    figures.nanoseconds_per_value =
        1e9 * figures.time.median / (double)reference_elements(&view->test_case->problem);
    figures.rate = rate(view, entry);
    figures.share = ceiling ? figures.rate / rate(view, ceiling) : 0;
    figures.compared = first && !entry->is_ceiling && entry != first;
    if (figures.compared) {
        figures.ratio = ratio_of(view, entry, first);
    }
    return figures;
}

/* Compares positions last, since qsort need not keep the order of equals. */
static int by_position(const struct bench_figures *a, const struct bench_figures *b) {
    return (a->entry > b->entry) - (a->entry < b->entry);
}

static int by_time(const void *a, const void *b) {
    const struct bench_figures *one = a, *other = b;
    if (one->timed != other->timed) {
        return one->timed ? -1 : 1;
    }
    const int order =
        (one->time.median > other->time.median) - (one->time.median < other->time.median);
    return order ? order : by_position(one, other);
}

static int by_name(const void *a, const void *b) {
    const struct bench_figures *one = a, *other = b;
    const int order = strcmp(one->entry->contender.implementation->name,
                             other->entry->contender.implementation->name);
    return order ? order : by_position(one, other);
}

struct bench_figures *bench_figures_of(const struct bench_table_view *view) {
    struct bench_figures *figures = tool_allocate(view->count, sizeof *figures);
    for (size_t i = 0; i < view->count; i++) {
        figures[i] = figures_of(view, &view->entries[i]);
    }
    if (view->order != BENCH_ORDER_GIVEN) {
        qsort(figures, view->count, sizeof *figures,
              view->order == BENCH_ORDER_TIME ? by_time : by_name);
    }
    return figures;
}
