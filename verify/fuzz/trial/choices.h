/* Choices that are made by bytes: a fuzzer changes them, and a generator draws them. When the bytes
 * are used up, every choice is the first, so shorter and smaller inputs are simpler.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_FUZZ_TRIAL_CHOICES_H
#define VERIFY_FUZZ_TRIAL_CHOICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes that are left. */
struct fuzz_choices {
    const uint8_t *bytes;
    size_t size;
};

/* Returns a number in [0, count). Takes one byte, or two where count exceeds 256; count must be in
 * 1 to 65536. */
size_t fuzz_choose(struct fuzz_choices *choices, size_t count);

/* Returns true in one of `one_in` cases, and false where no bytes are left. */
bool fuzz_chance(struct fuzz_choices *choices, size_t one_in);

#endif
