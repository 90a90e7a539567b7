/* What every target of libFuzzer needs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_FUZZ_TARGETS_TARGET_H
#define VERIFY_FUZZ_TARGETS_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The target: libFuzzer calls it with one input after another. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program, which libFuzzer takes for a crash, where something does not hold. */
void fuzz_expect(bool holds, const char *what);

/* The input with a NUL behind it, in memory of exactly that size; the caller frees it. */
char *fuzz_input_text(const uint8_t *data, size_t size);

/* The path of a file, in memory, that holds the input until the next call. */
const char *fuzz_input_file(const uint8_t *data, size_t size);

#endif
