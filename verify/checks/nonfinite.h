/* A NaN or an infinity among the inputs reaches everything that depends on it, so that nobody takes
 * the result for one, and nothing else: the rest has the bits that it has without.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_NONFINITE_H
#define VERIFY_CHECKS_NONFINITE_H

#include "verify/checks/check.h"

/* Where in x, backward in dy, something not finite is, and what: in the first and the last element,
 * and at the border of a chunk. */
enum { VERIFY_NON_FINITE_CASES = 6 };

/* Case number `which` on the subject; `truth` is of normal data of that seed. What depends on what
 * is the reference's word. */
struct verify_verdict verify_check_non_finite(const struct verify_subject *subject,
                                              struct verify_truth *truth, uint64_t seed, int which);

#endif
