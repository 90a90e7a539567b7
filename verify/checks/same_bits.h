/* The same inputs give the same bits: a second time, with another number of threads, whatever the
 * caller's floating-point environment is, and from the set that a plug-in is based on. norma
 * promises that; peers do not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_SAME_BITS_H
#define VERIFY_CHECKS_SAME_BITS_H

#include "verify/checks/check.h"

struct verify_verdict verify_check_repetition(const struct verify_subject *subject,
                                              const struct verify_truth *truth);
struct verify_verdict verify_check_threads(const struct verify_subject *subject,
                                           const struct verify_truth *truth);
struct verify_verdict verify_check_environment(const struct verify_subject *subject,
                                               const struct verify_truth *truth);
/* Of a plug-in: the bits of the set that it is based on, as its results are within the bound. */
struct verify_verdict verify_check_base(const struct verify_subject *subject,
                                        const struct reference_implementation *base,
                                        const struct verify_truth *truth);

#endif
