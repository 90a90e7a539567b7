/* What two sides have in common, paired.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/compare/common.h"
#include "bench/machine/machine.h"
#include "verify/harness/tool/tool.h"

#include <stdlib.h>
#include <string.h>

static void add(struct bench_commons *commons, const struct bench_timed *base,
                const struct bench_timed *timed) {
    commons->items = tool_grow(commons->items, commons->count, sizeof commons->items[0]);
    commons->items[commons->count++] = (struct bench_common){.base = base, .timed = timed};
}

void bench_find_commons(const struct bench_side *base, const struct bench_side *side,
                        struct bench_commons *kernels, struct bench_commons *ceilings) {
    for (size_t i = 0; i < base->count; i++) {
        const struct bench_timed *one = &base->timed[i], *other = bench_side_find(side, one);
        if (other) {
            add(bench_is_ceiling(one->implementation) ? ceilings : kernels, one, other);
        }
    }
}

void bench_commons_free(struct bench_commons *commons) {
    for (size_t i = 0; i < commons->count; i++) {
        free(commons->items[i].made);
    }
    free(commons->items);
}

static const char *later(const char *a, const char *b) {
    return strcmp(a, b) > 0 ? a : b;
}

static const char *earlier(const char *a, const char *b) {
    return strcmp(a, b) < 0 ? a : b;
}

/* Every pair of rounds is over before the next begins; dates are ordered as text. */
static bool are_interleaved(const struct bench_timed *a, const struct bench_timed *b) {
    if (a->count != b->count) {
        return false;
    }
    for (size_t i = 0; i + 1 < a->count; i++) {
        if (strcmp(later(a->dates[i], b->dates[i]), earlier(a->dates[i + 1], b->dates[i + 1])) >
            0) {
            return false;
        }
    }
    return true;
}

enum bench_design bench_design_of(const struct bench_commons *kernels) {
    size_t most = 1;
    bool interleaved = true;
    for (size_t i = 0; i < kernels->count; i++) {
        const struct bench_common *common = &kernels->items[i];
        most = common->base->count > most ? common->base->count : most;
        most = common->timed->count > most ? common->timed->count : most;
        interleaved = interleaved && are_interleaved(common->base, common->timed);
    }
    return most == 1 ? BENCH_BY_SAMPLE : interleaved ? BENCH_BY_PAIR : BENCH_BY_ROUND;
}

static const json_t *samples_of(const struct bench_timed *timed) {
    return json_object_get(json_object_get(timed->record, "time"), "samples");
}

static void take_samples(const json_t *samples, double *values) {
    for (size_t i = 0; i < json_array_size(samples); i++) {
        values[i] = json_number_value(json_array_get(samples, i));
    }
}

static void pair_samples(struct bench_common *common) {
    const json_t *after = samples_of(common->timed), *before = samples_of(common->base);
    const size_t count = json_array_size(after), base_count = json_array_size(before);
    common->made = tool_allocate(count + base_count, sizeof *common->made);
    take_samples(after, common->made);
    take_samples(before, common->made + count);
    common->pair = (struct bench_pair){common->made, common->made + count, count, base_count};
}

static void pair_rounds(struct bench_common *common) {
    common->pair = (struct bench_pair){common->timed->rounds, common->base->rounds,
                                       common->timed->count, common->base->count};
}

/* What slows both of a pair cancels in its ratio. */
static void pair_ratios(struct bench_common *common) {
    static const double one = 1;
    const size_t count = common->timed->count;
    common->made = tool_allocate(count, sizeof *common->made);
    for (size_t i = 0; i < count; i++) {
        common->made[i] = common->timed->rounds[i] / common->base->rounds[i];
    }
    common->pair = (struct bench_pair){common->made, &one, count, 1};
}

void bench_commons_pair(struct bench_commons *commons, enum bench_design design) {
    for (size_t i = 0; i < commons->count; i++) {
        struct bench_common *common = &commons->items[i];
        if (design == BENCH_BY_SAMPLE) {
            pair_samples(common);
        } else if (design == BENCH_BY_PAIR && common->base->count == common->timed->count) {
            pair_ratios(common);
        } else {
            pair_rounds(common);
        }
    }
}
