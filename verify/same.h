/* The same inputs give the same bits: a second time, with another number of threads, whatever the
 * caller's floating-point environment is, and from the set that a plug-in is based on. norma
 * promises that; peers do not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_SAME_H
#define NORMA_VERIFY_SAME_H

#include "check.h"

struct norma_verdict norma_check_repetition(const struct norma_subject *subject,
                                            const struct norma_truth *truth);
struct norma_verdict norma_check_threads(const struct norma_subject *subject,
                                         const struct norma_truth *truth);
struct norma_verdict norma_check_environment(const struct norma_subject *subject,
                                             const struct norma_truth *truth);
/* Of a plug-in: the bits of the set that it is based on, as its results are within the bound. */
struct norma_verdict norma_check_base(const struct norma_subject *subject,
                                      const struct norma_implementation *base,
                                      const struct norma_truth *truth);

#endif
