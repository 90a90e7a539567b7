/* The tools of libFuzzer's targets.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_FUZZ_TARGETS_TARGET_H
#define VERIFY_FUZZ_TARGETS_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The target, which libFuzzer calls with one input after another. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program if the expectation does not hold, which libFuzzer reports as a crash. */
void fuzz_expect(bool holds, const char *what);

/* Returns the input with a NUL behind it, in memory of exactly that size; the caller must free
 * it. */
char *fuzz_input_text(const uint8_t *data, size_t size);

/* Returns the path of a file in memory that holds the input until the next call. */
const char *fuzz_input_file(const uint8_t *data, size_t size);

#endif
