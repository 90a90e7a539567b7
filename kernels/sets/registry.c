/* The registry of sets, fastest first: those written by hand, one line each, then Highway's, then
 * portable, then those that were added. Other code iterates over it and names no set.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "kernels/sets/sets.h"

extern const struct norma_set norma_set_avx512, norma_set_avx2, norma_set_neon, norma_set_portable;

static const struct norma_set *const by_hand[] = {
#if defined(__x86_64__)
    &norma_set_avx512,
    &norma_set_avx2,
#elif defined(__aarch64__)
    &norma_set_neon,
#endif
    NULL,
};

#ifndef NORMA_HAVE_HIGHWAY
const struct norma_set *norma_set_highway(size_t index) {
    (void)index;
    return NULL;
}
#endif

static struct norma_set added[NORMA_MOST_ADDED];
static size_t added_count;

const struct norma_set *norma_set_at(size_t index) {
    for (size_t i = 0; by_hand[i]; i++) {
        if (index-- == 0) {
            return by_hand[i];
        }
    }
    for (size_t i = 0; norma_set_highway(i); i++) {
        if (index-- == 0) {
            return norma_set_highway(i);
        }
    }
    if (index-- == 0) {
        return &norma_set_portable;
    }
    return index < added_count ? &added[index] : NULL;
}

const struct norma_set *norma_set_find(const char *name) {
    for (size_t i = 0; norma_set_at(i); i++) {
        if (strcmp(norma_set_at(i)->name, name) == 0) {
            return norma_set_at(i);
        }
    }
    return NULL;
}

bool norma_set_add(const struct norma_set *set) {
    if (added_count == NORMA_MOST_ADDED) {
        return false;
    }
    added[added_count++] = *set;
    return true;
}

const char *norma_set_name(size_t index) {
    const struct norma_set *set = norma_set_at(index);
    return set ? set->name : NULL;
}

bool norma_set_available(size_t index) {
    const struct norma_set *set = norma_set_at(index);
    return set && set->available();
}

const char *norma_set_features(size_t index) {
    const struct norma_set *set = norma_set_at(index);
    return set ? set->features : NULL;
}
