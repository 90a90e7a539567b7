/* A set: the SIMD primitives for one instruction set, and the registry of all sets.
 *
 * Operators are moments -> coefficients -> affine, so a set has one primitive for each end of it.
 * What the primitives compute is fixed to the bit (see README.md): every set gives the same result.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_SET_H
#define NORMA_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "norma.h"

enum {
    /* Virtual lanes: element i of a chunk is summed in lane i mod 16, on every instruction set. */
    NORMA_LANES = 16,
    /* Longest run that `moments` takes; longer ones are cut here and merged in double. It bounds
     * the rounding error (see moments in template.h) and fits in every L1 data cache: 16 KiB. */
    NORMA_CHUNK = 4096
};

struct norma_set {
    const char *name;
    const char *features;    /* CPU features, separated by blanks: "avx2 fma" */
    bool (*available)(void); /* does this CPU, under this operating system, have them? */

    /* mean[r] and m2[r] = sum of squared deviations from it, for `runs` contiguous runs of
     * 1 <= length <= NORMA_CHUNK elements. */
    void (*moments)(const float *x, int64_t length, int64_t runs, double *mean, double *m2);

    /* y = fma(x - centre[r], scale[r], shift[r]) on each of `runs` contiguous runs; y may be x. */
    void (*apply)(const float *x, float *y, int64_t length, int64_t runs, const float *centre,
                  const float *scale, const float *shift);

    /* The same, storing past the caches: for results too large to stay in them. */
    void (*apply_streamed)(const float *x, float *y, int64_t length, int64_t runs,
                           const float *centre, const float *scale, const float *shift);

    /* y = x * fma(alpha, weight, 1 - alpha), elementwise: unitization with an alpha per element.
     * y may be x. */
    void (*blend)(const float *x, float *y, int64_t length, const float *alpha, float weight);
};

/* Number index of the registry, fastest first; NULL beyond the last. */
const struct norma_set *norma_set_at(size_t index);

/* The fastest available set that the choice allows ("avx2,portable", "-avx512"; NULL or "": all).
 * NORMA_UNKNOWN_SET or NORMA_UNAVAILABLE_SET if there is none. */
norma_status norma_set_choose(const char *choice, const struct norma_set **set);

#endif
