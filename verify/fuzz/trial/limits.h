/* The values that trials are restricted to.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_FUZZ_TRIAL_LIMITS_H
#define VERIFY_FUZZ_TRIAL_LIMITS_H

#include <stdbool.h>

/* True: all that norma.h promises is tried. False: x, dy and parameters have magnitudes whose
 * coefficients are normal floats, data are not far from the running statistics of bin, no rank is
 * empty, and no plan is executed after fork. */
static const bool fuzz_whole_promise = false;

#endif
