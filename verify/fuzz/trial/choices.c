/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/fuzz/trial/choices.h"

static size_t take(struct fuzz_choices *choices) {
    if (choices->size == 0) {
        return 0;
    }
    choices->size--;
    return *choices->bytes++;
}

size_t fuzz_choose(struct fuzz_choices *choices, size_t count) {
    const size_t low = take(choices);
    return (count > 256 ? take(choices) << 8 | low : low) % count;
}

bool fuzz_chance(struct fuzz_choices *choices, size_t one_in) {
    return fuzz_choose(choices, one_in) == one_in - 1;
}
