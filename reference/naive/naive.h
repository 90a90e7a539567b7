/* The loops that one would write without a library, as something to be faster than. This header is
 * for other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_NAIVE_NAIVE_H
#define REFERENCE_NAIVE_NAIVE_H

#include "reference/interface/interface.h"

/* bn, in, gn, ln and rms, forward, in inference (but bn) and backward, without an epilogue: plain
 * loops with sums in double, on one thread, compiled with -O2. */
extern const struct reference_implementation reference_implementation_naive;

#endif
