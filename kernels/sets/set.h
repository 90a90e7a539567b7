/* A set, and the registry of all sets. What a set is stands in norma_set.h, as plug-ins need it.
 *
 * Operators are moments -> coefficients -> affine, and backward sums -> coefficients -> affine, so
 * a set has one primitive for each end of these; and some for an alpha that varies inside a run.
 * What the primitives compute is fixed to the bit (see README.md): every set gives the same result.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_SET_H
#define NORMA_SET_H

/* For template.h, which cannot include them itself: Highway has it inside of a namespace. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "norma_set.h"
#include "sets/vocabulary.h"

/* All primitives of a set, and the stage that each is for: X(name, stage). Whoever adds one raises
 * NORMA_SET_ABI. */
#define NORMA_PRIMITIVES(X)                                                                        \
    X(moments, MOMENTS)                                                                            \
    X(moments_columns, MOMENTS)                                                                    \
    X(gradient_sums, SUMS)                                                                         \
    X(gradient_sums_columns, SUMS)                                                                 \
    X(row_sums, SUMS)                                                                              \
    X(blend_product, SUMS)                                                                         \
    X(apply, APPLY)                                                                                \
    X(apply_columns, APPLY)                                                                        \
    X(apply_rows, APPLY)                                                                           \
    X(blend, APPLY)                                                                                \
    X(gradient_apply, GRADIENT)                                                                    \
    X(gradient_apply_columns, GRADIENT)                                                            \
    X(row_gradient, GRADIENT)                                                                      \
    X(blend_gradient, GRADIENT)                                                                    \
    X(blend_alpha, GRADIENT)

#ifdef __cplusplus
extern "C" {
#endif

/* Number index of the registry: those of this build, fastest first, then those that were added;
 * NULL beyond the last. Not part of the interface: visible, as what follows, because norma-verify
 * asks for vocabularies and adds plug-ins, also where the library is shared. */
NORMA_API const struct norma_set *norma_set_at(size_t index);

/* The set of that name; NULL: there is none. */
NORMA_API const struct norma_set *norma_set_find(const char *name);

/* Adds a copy of a set under a name that there is not yet. Plans take it where it is named, and
 * never by themselves. Before any plan is made: nothing guards it against other threads. False:
 * there is no room. */
enum { NORMA_MOST_ADDED = 16 };
NORMA_API bool norma_set_add(const struct norma_set *set);

/* Number index of Highway's sets, the best first; NULL beyond the last. */
const struct norma_set *norma_set_highway(size_t index);

/* Does the choice allow this set? Excluded names are out; if any name stands without '-', only such
 * names are in, and else all that were not added. Visible because norma-bench says what was left
 * out. */
NORMA_API bool norma_set_allowed(const char *choice, const struct norma_set *set);

/* The fastest available set that the choice allows ("avx2,portable", "-avx512"; NULL or "": all).
 * NORMA_UNKNOWN_SET or NORMA_UNAVAILABLE_SET if there is none. */
norma_status norma_set_choose(const char *choice, const struct norma_set **set);

#ifdef __cplusplus
}
#endif

#endif
