/* The registry of sets, fastest first: one line per set. Dispatch, verify, bench and plots only
 * iterate it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "sets/set.h"

extern const struct norma_set norma_set_avx512, norma_set_avx2, norma_set_portable;

static const struct norma_set *const sets[] = {
#if defined(__x86_64__)
    &norma_set_avx512,
    &norma_set_avx2,
#endif
    &norma_set_portable,
};

const struct norma_set *norma_set_at(size_t index) {
    return index < sizeof sets / sizeof *sets ? sets[index] : NULL;
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
