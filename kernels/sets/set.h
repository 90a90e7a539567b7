/* A set: the SIMD primitives for one instruction set, and the registry of all sets.
 *
 * Operators are moments -> coefficients -> affine, and backward sums -> coefficients -> affine, so
 * a set has one primitive for each end of these; and some for an alpha that varies inside a run.
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
#include "sets/vocabulary.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    /* Virtual lanes: element i of a chunk is summed in lane i mod 16, on every instruction set. */
    NORMA_LANES = 16,
    /* Longest run that `moments` takes; longer ones are cut here and merged in double. It bounds
     * the rounding error (see moments in template.h) and fits in every L1 data cache: 16 KiB. */
    NORMA_CHUNK = 4096
};

/* Some of a run's elements: those with labels[i] == label. */
struct norma_selection {
    const uint8_t *labels; /* of the elements of every run */
    uint8_t label;
    int64_t first, count; /* the first that is selected, and how many are: at least one */
};

/* y = x -> fma(x - centre[r], scale[r], shift[r]), then + residual, then ReLU. y may be x. */
struct norma_apply {
    const float *x;
    const float *residual; /* NULL: none */
    float *y;
    int64_t length, runs;
    const float *centre, *scale, *shift; /* of each run */
    bool relu;
    bool streamed; /* past the caches: y will not stay in them */
    int64_t ahead; /* with streamed: so many elements ahead of x, memory is asked for; 0: not */
    const struct norma_selection *selection; /* NULL: all elements; never with streamed */
    const float *others; /* what the elements that are not selected become: x or y */
};

/* Where an epilogue has a ReLU, dy counts where not y <= 0; y NULL: everywhere. */
struct norma_gradient_sums {
    const float *x, *dy, *y;
    int64_t length, runs; /* length <= NORMA_CHUNK */
    const float *centre;
    const struct norma_selection *selection; /* NULL: all */
    double *dy_sum;                          /* [runs]: sum of dy */
    double *product;                         /* [runs]: sum of dy (x - centre) */
};

/* dx = fma(dy, dy_scale[r], fma(x - centre[r], x_scale[r], constant[r])). dx may be dy. */
struct norma_gradient_apply {
    const float *x; /* NULL: dx = dy dy_scale[r], whatever x is */
    const float *dy, *y;
    float *dx;
    float *dresidual; /* NULL: not wanted; dy where it counts */
    int64_t length, runs;
    const float *centre, *dy_scale, *x_scale, *constant;
    bool streamed;
    int64_t ahead; /* as above, of x and dy */
    const struct norma_selection *selection;
    const float *others;
};

/* Unitization with an alpha per element: w = fma(alpha, weight, 1 - alpha) multiplies x or, with
 * `divide`, divides it. One run. */
struct norma_blend {
    const float *x, *alpha;
    const float *residual; /* forward; NULL: none */
    const float *dy, *y;   /* backward, y as above */
    float *out;            /* y or dx; may be x, or dy */
    float *dresidual;
    int64_t length;
    float weight;
    float x_scale; /* blend_gradient: dx = dy w + x x_scale, or dy / w + x x_scale */
    bool divide, relu;
};

/* The gradient of an alpha per element: out = sum over the samples of dy x factor[n], divided by
 * w^2 with `divide`, w = alpha weight[n] + (1 - alpha) in double. */
struct norma_blend_alpha {
    const float *x, *dy, *y, *alpha;
    float *out;
    int64_t length, samples, stride; /* from one sample to the next */
    const double *weight, *factor;   /* of each sample */
    bool divide;
};

/* Rows with statistics of their own, of columns with parameters of their own. The factor of an
 * element is weight[column] inverse_std[row], with `blend` plus 1 - weight[column], in double. */
struct norma_row_scale {
    const float *weight; /* of each column; NULL: `number` for all */
    double number;
    const double *inverse_std; /* of each row */
    bool blend;
};

/* y = fma(x - centre[row], factor, shift[column] + residue[row] factor), as norma_apply where the
 * coefficients come from there; `rows` contiguous rows of `length` columns. */
struct norma_row_apply {
    const float *x, *residual;
    float *y;
    int64_t length, rows;
    struct norma_row_scale scale;
    const float *centre;   /* of each row ... */
    const double *residue; /* ... and what rounding it took away from the mean, negated */
    const float *shift;    /* of each column; NULL: no_shift for all */
    float no_shift;
    bool relu, streamed;
};

/* Backward. row_sums: of each row the sums of weight dy and weight dy (x - centre); and added to
 * column_dy and column_product, in the order of the rows, dy and factor[row] dy (x - centre).
 * row_gradient: dx = fma(dy, factor, fma(x - centre[row], x_scale[row], constant[row])). */
struct norma_row_gradient {
    const float *x, *dy, *y;
    float *dx, *dresidual; /* dx may be dy */
    int64_t length, rows;
    struct norma_row_scale scale;
    const float *centre;
    const double *factor;               /* of each row */
    double *dy_sum, *product;           /* of each row */
    double *column_dy, *column_product; /* of each column */
    const float *x_scale, *constant;
    bool streamed;
};

struct norma_set {
    const char *name;
    const char *features;    /* CPU features, separated by blanks: "avx2 fma" */
    bool (*available)(void); /* does this CPU, under this operating system, have them? */

    /* mean[r] and m2[r] = sum of squared deviations from it, for `runs` contiguous runs of
     * 1 <= length <= NORMA_CHUNK elements, of the selected ones if there is a selection. */
    void (*moments)(const float *x, int64_t length, int64_t runs,
                    const struct norma_selection *selection, double *mean, double *m2);
    void (*apply)(const struct norma_apply *work);
    void (*gradient_sums)(const struct norma_gradient_sums *work);
    void (*gradient_apply)(const struct norma_gradient_apply *work);

    /* The same for channels-last: `runs` rows of `length` columns, `stride` elements apart; what is
     * of each run above is of each column here, mean and m2 among it. No selection; 1 <= rows <=
     * NORMA_CHUNK where sums are taken. */
    void (*moments_columns)(const float *x, int64_t rows, int64_t stride, int64_t columns,
                            double *mean, double *m2);
    void (*apply_columns)(const struct norma_apply *work, int64_t stride);
    void (*gradient_sums_columns)(const struct norma_gradient_sums *work, int64_t stride);
    void (*gradient_apply_columns)(const struct norma_gradient_apply *work, int64_t stride);

    void (*apply_rows)(const struct norma_row_apply *work);
    void (*row_sums)(const struct norma_row_gradient *work);
    void (*row_gradient)(const struct norma_row_gradient *work);

    void (*blend)(const struct norma_blend *work);
    /* sum of alpha dy x, divided by w^2 with `divide`; weight in double; length <= NORMA_CHUNK */
    double (*blend_product)(const struct norma_blend *work, double weight);
    void (*blend_gradient)(const struct norma_blend *work);
    void (*blend_alpha)(const struct norma_blend_alpha *work);

    const struct norma_vocabulary *vocabulary; /* what all of these are made of, for norma-verify */
};

/* Number index of the registry, fastest first; NULL beyond the last. Not part of the interface:
 * visible because norma-verify asks for vocabularies, also where the library is shared. */
NORMA_API const struct norma_set *norma_set_at(size_t index);

/* Number index of Highway's sets, the best first; NULL beyond the last. */
const struct norma_set *norma_set_highway(size_t index);

/* Does the choice allow this set? Excluded names are out; if any name stands without '-', only such
 * names are in. Visible because norma-bench says what was left out. */
NORMA_API bool norma_set_allowed(const char *choice, const struct norma_set *set);

/* The fastest available set that the choice allows ("avx2,portable", "-avx512"; NULL or "": all).
 * NORMA_UNKNOWN_SET or NORMA_UNAVAILABLE_SET if there is none. */
norma_status norma_set_choose(const char *choice, const struct norma_set **set);

#ifdef __cplusplus
}
#endif

#endif
