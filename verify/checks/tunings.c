/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/checks/tunings.h"

#include <norma_tools.h>

enum { EXTREMES = 2, FEWEST_THREADS = 2 };

/* All store past the caches, and take each byte for worth a thread. */
static const struct norma_tuning extremes[EXTREMES] = {
    {.tile_bytes = 4096, .stream_elements = 1, .ahead_bytes = 1 << 30, .thread_bytes = 1},
    {.tile_bytes = 1 << 30, .stream_elements = 1, .ahead_bytes = 0, .thread_bytes = 1},
};

static struct norma_profile *make_profile(const struct norma_tuning *tuning) {
    struct norma_profile *profile = norma_profile_create();
    for (size_t i = 0; profile && norma_set_name(i); i++) {
        for (int size = 0; size < NORMA_SIZE_CLASS_COUNT; size++) {
            norma_profile_put(profile, norma_set_name(i), (norma_size_class)size, tuning);
        }
    }
    return profile;
}

struct verify_tuning verify_tuning_at(size_t index) {
    static struct norma_profile *profiles[EXTREMES];
    struct norma_profile **profile = &profiles[index % EXTREMES];
    if (!*profile) {
        *profile = make_profile(&extremes[index % EXTREMES]);
    }
    return (struct verify_tuning){*profile, FEWEST_THREADS + (int)(index / EXTREMES)};
}

const char *verify_tuning_text(size_t index) {
    static const char *const texts[VERIFY_TUNINGS] = {
        "with the smallest tiles, stored past the caches, and 2 threads",
        "with the largest tiles, stored past the caches, and 2 threads",
        "with the smallest tiles, stored past the caches, and 3 threads",
        "with the largest tiles, stored past the caches, and 3 threads",
    };
    return texts[index];
}
