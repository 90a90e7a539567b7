/* The registry of sets, fastest first: one line per set that is written by hand, then Highway's,
 * then portable. Dispatch, verify, bench and plots only iterate it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "sets/set.h"

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
    return index == 0 ? &norma_set_portable : NULL;
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
