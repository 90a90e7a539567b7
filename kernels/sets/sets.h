/* The registry of all sets. norma_set.h defines a set, as plug-ins need the definition.
 *
 * Operators are moments -> coefficients -> affine, and backward sums -> coefficients -> affine, so
 * a set has one primitive for each end of these, and some for an alpha that varies inside a span.
 * The results of the primitives are fixed to the bit (see README.md), the same for every set.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_SETS_SETS_H
#define KERNELS_SETS_SETS_H

/* For template.h, which cannot include them itself: set_highway.cc includes it inside a
 * namespace. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "kernels/sets/set_vocabulary.h"
#include <norma_tools.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Returns number index of Highway's sets, the best first; NULL beyond the last. */
const struct norma_set *norma_set_highway(size_t index);

/* Gives the fastest available set that the choice allows ("avx2,portable", "-avx512"; NULL or "":
 * all). Returns NORMA_STATUS_UNKNOWN_SET if the choice names a set that does not exist, and
 * NORMA_STATUS_UNAVAILABLE_SET if none is left. */
norma_status norma_set_choose(const char *choice, const struct norma_set **set);

#ifdef __cplusplus
}
#endif

#endif
