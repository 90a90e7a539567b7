/* Promises of norma beyond error bounds, which peers do not give: the same inputs give the same
 * bits, and a NaN or an infinity shows in the results that depend on it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_PROMISES_H
#define VERIFY_CHECKS_PROMISES_H

#include "verify/checks/check.h"

/* Checks that a second execution of a plan gives the bits of the first. */
struct verify_verdict verify_check_repetition(const struct verify_subject *subject,
                                              const struct verify_truth *truth);

/* Checks that another number of threads gives the same bits. */
struct verify_verdict verify_check_threads(const struct verify_subject *subject,
                                           const struct verify_truth *truth);

/* Checks that another floating-point environment of the caller gives the same bits. */
struct verify_verdict verify_check_environment(const struct verify_subject *subject,
                                               const struct verify_truth *truth);

/* Checks that a plug-in gives the bits of the set that it is based on. Must be called with results
 * that are within the error bound, as the message says so. */
struct verify_verdict verify_check_base(const struct verify_subject *subject,
                                        const struct reference_implementation *base,
                                        const struct verify_truth *truth);

/* The cases of verify_check_non_finite: a NaN and an infinity, each in the first element, the last
 * element, and at the border of a chunk. */
enum { VERIFY_NON_FINITE_CASES = 6 };

/* Checks case number `which`, an element of x, backward of dy, that is not finite. It must reach
 * everything that depends on it according to the reference, so that no result hides it, and must
 * leave the bits of everything else. `truth` must be of normal data of that seed. */
struct verify_verdict verify_check_non_finite(const struct verify_subject *subject,
                                              struct verify_truth *truth, uint64_t seed, int which);

#endif
