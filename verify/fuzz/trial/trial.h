/* Trials of norma's execution: bytes are decoded to a problem, data, arguments, plans, and what is
 * done with them. This header is for other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_FUZZ_TRIAL_TRIAL_H
#define VERIFY_FUZZ_TRIAL_TRIAL_H

#include "verify/fuzz/trial/choices.h"
#include "verify/fuzz/trial/random_problem.h"
#include "verify/fuzz/trial/story.h"

/* Makes the trial that the bytes mean, and writes its story. Ends the program if something is not
 * as norma.h promises. */
void fuzz_trial(const uint8_t *bytes, size_t size, char story[FUZZ_STORY]);

#endif
