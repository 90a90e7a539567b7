/* What two sides have in common, paired.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "common.h"
#include "ceiling.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

static void add(struct norma_commons *commons, const struct norma_timed *base,
                const struct norma_timed *timed) {
    commons->items = norma_grow(commons->items, commons->count, sizeof commons->items[0]);
    commons->items[commons->count++] = (struct norma_common){.base = base, .timed = timed};
}

void norma_find_commons(const struct norma_side *base, const struct norma_side *side,
                        struct norma_commons *kernels, struct norma_commons *ceilings) {
    for (size_t i = 0; i < base->count; i++) {
        const struct norma_timed *one = &base->timed[i], *other = norma_side_find(side, one);
        if (other) {
            add(norma_is_ceiling(one->implementation) ? ceilings : kernels, one, other);
        }
    }
}

void norma_commons_free(struct norma_commons *commons) {
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
static bool are_interleaved(const struct norma_timed *a, const struct norma_timed *b) {
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

enum norma_design norma_design_of(const struct norma_commons *kernels) {
    size_t most = 1;
    bool interleaved = true;
    for (size_t i = 0; i < kernels->count; i++) {
        const struct norma_common *common = &kernels->items[i];
        most = common->base->count > most ? common->base->count : most;
        most = common->timed->count > most ? common->timed->count : most;
        interleaved = interleaved && are_interleaved(common->base, common->timed);
    }
    return most == 1 ? NORMA_BY_SAMPLE : interleaved ? NORMA_BY_PAIR : NORMA_BY_ROUND;
}

static const json_t *samples_of(const struct norma_timed *timed) {
    return json_object_get(json_object_get(timed->record, "time"), "samples");
}

static void take_samples(const json_t *samples, double *values) {
    for (size_t i = 0; i < json_array_size(samples); i++) {
        values[i] = json_number_value(json_array_get(samples, i));
    }
}

static void pair_samples(struct norma_common *common) {
    const json_t *after = samples_of(common->timed), *before = samples_of(common->base);
    const size_t count = json_array_size(after), base_count = json_array_size(before);
    common->made = norma_allocate(count + base_count, sizeof *common->made);
    take_samples(after, common->made);
    take_samples(before, common->made + count);
    common->pair = (struct norma_pair){common->made, common->made + count, count, base_count};
}

static void pair_rounds(struct norma_common *common) {
    common->pair = (struct norma_pair){common->timed->rounds, common->base->rounds,
                                       common->timed->count, common->base->count};
}

/* What slows both of a pair cancels in its ratio. */
static void pair_ratios(struct norma_common *common) {
    static const double one = 1;
    const size_t count = common->timed->count;
    common->made = norma_allocate(count, sizeof *common->made);
    for (size_t i = 0; i < count; i++) {
        common->made[i] = common->timed->rounds[i] / common->base->rounds[i];
    }
    common->pair = (struct norma_pair){common->made, &one, count, 1};
}

void norma_commons_pair(struct norma_commons *commons, enum norma_design design) {
    for (size_t i = 0; i < commons->count; i++) {
        struct norma_common *common = &commons->items[i];
        if (design == NORMA_BY_SAMPLE) {
            pair_samples(common);
        } else if (design == NORMA_BY_PAIR && common->base->count == common->timed->count) {
            pair_ratios(common);
        } else {
            pair_rounds(common);
        }
    }
}
