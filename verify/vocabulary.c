/* SPDX-License-Identifier: Apache-2.0 */
#include "vocabulary.h"

#include <string.h>

#include "data.h"
#include "vocabulary_parts.h"

const struct norma_vocabulary *norma_vocabulary_of(const char *name) {
    const struct norma_set *set;
    for (size_t i = 0; (set = norma_set_at(i)); i++) {
        if (strcmp(set->name, name) == 0) {
            return set->vocabulary;
        }
    }
    return NULL;
}

static size_t memory_functions(void) {
    size_t count = 0;
    while (norma_vocabulary_memory(count)) {
        count++;
    }
    return count;
}

const char *norma_vocabulary_function(size_t index) {
    const size_t memory = memory_functions();
    return index < memory ? norma_vocabulary_memory(index) : norma_vocabulary_lanes(index - memory);
}

size_t norma_vocabulary_functions(void) {
    size_t count = 0;
    while (norma_vocabulary_function(count)) {
        count++;
    }
    return count;
}

struct norma_vocabulary_verdict norma_vocabulary_check(const struct norma_vocabulary *vocabulary,
                                                       size_t index, uint64_t seed) {
    const size_t memory = memory_functions();
    struct norma_inquiry inquiry = {
        .vocabulary = vocabulary,
        .stream = norma_stream(seed, index),
        .verdict = {.passed = true},
    };
    if (index < memory) {
        norma_vocabulary_check_memory(&inquiry, index);
    } else {
        norma_vocabulary_check_lanes(&inquiry, index - memory);
    }
    norma_fence_release(&inquiry.fence);
    return inquiry.verdict;
}
