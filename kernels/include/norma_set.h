/* norma_set.h: what a kernel of your own needs to know.
 *
 * norma's operators are made of few primitives, and a set has one of each for its instruction set
 * (norma.h: norma_set_name). A plug-in is a shared library that replaces some of them in a copy of
 * a set, so that an idea for one primitive is one function in one file:
 *
 *     #include <norma_set.h>
 *
 *     static void my_apply(const struct norma_apply *work) { ... }
 *
 *     static void my_override(struct norma_set *set) { set->apply = my_apply; }
 *
 *     const struct norma_plugin norma_plugin = {NORMA_SET_ABI, "idea", "avx512", my_override};
 *
 *     cc -O3 -march=native -ffp-contract=off -fPIC -shared idea.c -o idea.so -lm
 *     norma-verify --load ./idea.so
 *     norma-bench run --load ./idea.so --impl idea,avx512 bn:8x64x56x56
 *
 * What holds for every primitive:
 *
 * - Lengths, strides and distances are numbers of elements, never bytes. Runs (or rows) follow each
 *   other without a gap where there is no stride. Nothing is empty: length, runs, rows >= 1.
 * - No pointer is aligned to more than its element. Memory beyond the last element is neither read
 *   nor written, not even to be written back: it may be another thread's, or not be mapped.
 * - An output overlaps no input but the one that its comment names, and that one exactly. A pointer
 *   that says NULL is allowed may be NULL; no other is.
 * - Several threads call it at once, on different parts of a tensor. It allocates nothing, and
 *   keeps nothing between two calls.
 * - It computes in the default floating-point environment (to nearest, subnormals kept).
 * - What it computes is fixed to the bit, so that a result does not depend on the set, the number
 *   of threads or the place in memory: fma where the comment says fma, one operation after the
 *   other elsewhere (hence -ffp-contract=off), and sums in NORMA_LANES lanes (see there). A NaN may
 *   be any NaN. The definition in C is sets/template*.h in norma's sources, and a plug-in is held
 *   to the bits of the set that it is based on.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_SET_INTERFACE_H
#define NORMA_SET_INTERFACE_H

#include "norma.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of what follows. It is raised whenever a struct here changes, and a plug-in that was
 * compiled with another one is refused. */
#define NORMA_SET_ABI 2

enum {
    /* Sums are taken in double, in so many lanes: element i of a run is added to lane i mod 16, in
     * order, from 0; then lane i to lane i + 8, i + 4, i + 2 and i + 1, in this order. Squares and
     * products are added by fma. Of columns, each is one sum, from the first row to the last. */
    NORMA_LANES = 16,
    /* Longest run that `moments` takes; longer ones are cut here and merged in double. It bounds
     * the rounding error and fits in every L1 data cache: 16 KiB. */
    NORMA_CHUNK = 4096
};

/* Some of a run's elements: those with labels[i] == label. */
struct norma_selection {
    const uint8_t *labels; /* of the elements of every run */
    uint8_t label;
    int64_t first, count; /* the first that is selected, and how many are: at least one */
};

/* y = fma(x - centre[r], scale[r], shift[r]), then + residual, then ReLU: +0 where y <= 0, else y
 * (a NaN stays). y may be x. */
struct norma_apply {
    const float *x;
    const float *residual; /* NULL: none */
    float *y;
    int64_t length, spans;
    const float *centre, *scale, *shift; /* of each run */
    bool relu;
    bool
        nontemporal; /* y will not stay in the caches: advice to store past them, as is the next: */
    int64_t
        prefetch_distance; /* with streamed: so many elements ahead of x, memory is asked for; 0: not */
    const struct norma_selection *selection; /* NULL: all elements; never with streamed */
    const float *others; /* what the elements that are not selected become: x or y */
};

/* Where an epilogue has a ReLU, dy counts where not y <= 0; y NULL: everywhere. */
struct norma_gradient_sums {
    const float *x, *dy, *y;
    int64_t length, spans; /* length <= NORMA_CHUNK */
    const float *centre;
    const struct norma_selection *selection; /* NULL: all */
    double *dy_sum;                          /* [runs]: sum of dy */
    double *product;                         /* [runs]: sum of dy (x - centre) */
    bool in_double; /* every sum: those that will be moved to another centre */
};

/* dx = fma(dy, dy_scale[r], fma(x - centre[r], x_scale[r], constant[r])). dx may be dy. */
struct norma_gradient_apply {
    const float *x; /* NULL: dx = dy dy_scale[r], whatever x is */
    const float *dy, *y;
    float *dx;
    float *dresidual; /* NULL: not wanted; dy where it counts */
    int64_t length, spans;
    const float *centre, *dy_scale, *x_scale, *constant;
    bool nontemporal;
    int64_t prefetch_distance; /* as above, of x and dy */
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
    bool relu, nontemporal;
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
    bool nontemporal;
};

struct norma_vocabulary;

/* ---- a set -------------------------------------------------------------------------------- */

struct norma_set {
    const char *name;        /* a plug-in's own comes from norma_plugin */
    const char *features;    /* CPU features, separated by blanks: "avx2 fma" */
    bool (*available)(void); /* does this CPU, under this operating system, have them? */

    /* mean[r] and m2[r] = sum of squared deviations from it, for `runs` contiguous runs of
     * 1 <= length <= NORMA_CHUNK elements, of the selected ones if there is a selection (absent
     * ones then count as 0).
     *     sum = sum of x, squares = sum of x^2, mean = sum (1 / length), m2 = squares - sum mean
     * Where not m2 >= squares / 4096, of d = x - x[0] instead (x[selection->first]), which absent
     * ones have as 0:
     *     mean = x[0] + sum (1 / length), m2 = squares - sum (sum (1 / length)), 0 if negative */
    void (*moments)(const float *x, int64_t length, int64_t spans,
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

    /* What norma looks after itself; a plug-in leaves it alone. */
    const struct norma_vocabulary *vocabulary; /* what all of these are made of, for norma-verify */
    const char *base; /* of a plug-in: the set it begins with, whose profile it is tuned by */
};

/* ---- plug-ins ----------------------------------------------------------------------------- */

/* What a plug-in exports, as `norma_plugin`. abi is the first member in all versions. */
struct norma_plugin {
    unsigned abi;     /* NORMA_SET_ABI */
    const char *name; /* of the set that it makes: up to 31 of a-z, 0-9, '-', '_' and '.', beginning
                         with a letter or digit; no implementation has it yet */
    const char *base; /* the set that it begins with, e.g. "avx512"; NULL or "": the fastest that
                         this machine can run */
    /* Gets a copy of the base, and replaces what it wants to. The functions that it finds there
     * may be kept and called for what the plug-in leaves to them. */
    void (*override)(struct norma_set *set);
};

/* Declared here so that it is exported whatever the compiler's default is, and from C++ as well. */
extern NORMA_API const struct norma_plugin norma_plugin;

#ifdef __cplusplus
}
#endif

#endif
