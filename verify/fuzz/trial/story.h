/* The story of a trial: what was chosen, one line after the other, and at last what failed. It is
 * what a failure is understood by, also one that ends the process.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_FUZZ_TRIAL_STORY_H
#define VERIFY_FUZZ_TRIAL_STORY_H

#include <stdbool.h>
#include <stddef.h>

enum { FUZZ_STORY = 8192 };

/* Begins a story in `text`, of FUZZ_STORY bytes, which must live until the next one begins. */
void fuzz_story_begin(char *text);

/* Adds to the story. What does not fit is left out. */
__attribute__((format(printf, 1, 2))) void fuzz_tell(const char *format, ...);

/* Unless the expectation holds, tells what failed, prints the story, and ends the program, which
 * libFuzzer reports as a crash. */
__attribute__((format(printf, 2, 3))) void fuzz_demand(bool holds, const char *format, ...);

#endif
