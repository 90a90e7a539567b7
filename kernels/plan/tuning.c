/* The list of parameters and their defaults, generated from NORMA_TUNING in norma_tools.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/plan/caches.h"

static const struct {
    struct norma_parameter parameter;
    size_t offset;
} parameters[] = {
#define NORMA_ROW(name, least, most, l2, l3, memory, text)                                         \
    {{#name, text, least, most, memory}, offsetof(struct norma_tuning, name)},
    NORMA_TUNING(NORMA_ROW)
#undef NORMA_ROW
};
enum { PARAMETERS = sizeof parameters / sizeof *parameters };

static const struct norma_tuning defaults[NORMA_SIZE_CLASS_COUNT] = {
#define NORMA_L2(name, least, most, l2, l3, memory, text)     .name = l2,
#define NORMA_L3(name, least, most, l2, l3, memory, text)     .name = l3,
#define NORMA_MEMORY(name, least, most, l2, l3, memory, text) .name = memory,
    [NORMA_CLASS_L2] = {NORMA_TUNING(NORMA_L2)},
    [NORMA_CLASS_L3] = {NORMA_TUNING(NORMA_L3)},
    [NORMA_CLASS_MEMORY] = {NORMA_TUNING(NORMA_MEMORY)},
#undef NORMA_L2
#undef NORMA_L3
#undef NORMA_MEMORY
};

const struct norma_parameter *norma_tuning_parameter(size_t index) {
    return index < PARAMETERS ? &parameters[index].parameter : NULL;
}

int64_t norma_tuning_get(const struct norma_tuning *tuning, size_t index) {
    return *(const int64_t *)((const char *)tuning + parameters[index].offset);
}

void norma_tuning_set(struct norma_tuning *tuning, size_t index, int64_t value) {
    *(int64_t *)((char *)tuning + parameters[index].offset) = value;
}

/* Returns the defaults, with other tiles on AMD's processors: as large as L2, because what leaves
 * it is found again in an L3 that is nearly as fast, and larger tiles are read in longer pieces.
 * There, to prefetch the next tile while results are stored past the caches takes up to 1.6 times
 * as long (Zen 4). On Intel's processors to prefetch takes 0.7 of the time. */
struct norma_tuning norma_tuning_default(norma_size_class size) {
    struct norma_tuning tuning = defaults[size];
    if (norma_this_machine()->is_amd) {
        tuning.tile_bytes = norma_this_machine()->l2;
        tuning.ahead_bytes = 0;
    }
    return tuning;
}

const char *norma_size_class_name(norma_size_class size) {
    static const char *const names[] = {
#define NORMA_NAME(upper, lower, text) #lower,
        NORMA_SIZE_CLASSES(NORMA_NAME)
#undef NORMA_NAME
    };
    return size < NORMA_SIZE_CLASS_COUNT ? names[size] : NULL;
}
