/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/vocabulary/vocabulary.h"

#include <string.h>

#include "verify/truth/truth.h"
#include "verify/vocabulary/function_check.h"

const struct norma_vocabulary *verify_vocabulary_of(const char *name) {
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
    while (verify_vocabulary_memory(count)) {
        count++;
    }
    return count;
}

const char *verify_vocabulary_function(size_t index) {
    const size_t memory = memory_functions();
    return index < memory ? verify_vocabulary_memory(index)
                          : verify_vocabulary_lanes(index - memory);
}

size_t verify_vocabulary_functions(void) {
    size_t count = 0;
    while (verify_vocabulary_function(count)) {
        count++;
    }
    return count;
}

struct verify_vocabulary_verdict verify_vocabulary_check(const struct norma_vocabulary *vocabulary,
                                                         size_t index, uint64_t seed) {
    const size_t memory = memory_functions();
    struct verify_function_check check = {
        .vocabulary = vocabulary,
        .stream = verify_stream(seed, index),
        .verdict = {.passed = true},
    };
    if (index < memory) {
        verify_vocabulary_check_memory(&check, index);
    } else {
        verify_vocabulary_check_lanes(&check, index - memory);
    }
    verify_fence_release(&check.fence);
    return check.verdict;
}
