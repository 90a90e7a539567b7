/* The values that trials are restricted to.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_FUZZ_TRIAL_LIMITS_H
#define VERIFY_FUZZ_TRIAL_LIMITS_H

#include <stdbool.h>

/* Whether all that norma.h promises is tried. Where it is false, magnitudes of x and dy are those
 * whose coefficients are normal floats, no rank is empty, and no plan is executed after fork. */
static const bool fuzz_whole_promise = false;

#endif
