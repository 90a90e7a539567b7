/* norma_set.h: the interface between norma and the kernels of an instruction set.
 *
 * norma's operators are made of a few primitives, and a set has one of each for its instruction set
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
 * Every primitive obeys these rules:
 *
 * - Tensors of elements (x, dy, y, dx, residual, dresidual, out, others) are void pointers. The
 *   elements are float, the type that NORMA_DTYPE_F32 names, and the set is what reads and writes
 *   them. Parameters, coefficients and statistics are float or double whatever the elements are.
 * - Lengths, strides and distances are numbers of elements, never bytes. Spans (or rows) follow
 *   each other without a gap where there is no stride. Nothing is empty: length, spans, rows >= 1.
 * - No pointer is aligned to more than its element. Memory beyond the last element is neither read
 *   nor written, not even with the value that it has: it may belong to another thread, or not be
 *   mapped.
 * - An output overlaps no input except the one that its comment names, and that one must begin at
 *   the same address. A pointer may be NULL only where its comment says so.
 * - Several threads call a primitive at once, on different parts of a tensor. It must allocate
 *   nothing, and keep nothing between two calls.
 * - It is called in the default floating-point environment (to nearest, subnormals kept).
 * - The result is fixed to the bit, so that it does not depend on the set, the number of threads or
 *   the place in memory: fma where the comment says fma, one operation after the other elsewhere
 *   (hence -ffp-contract=off), and sums in NORMA_LANES lanes (see there). A NaN may be any NaN. The
 *   definition in C is kernels/sets/template*.h in norma's sources, and a plug-in must give the
 *   bits of the set that it is based on.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_SET_INTERFACE_H
#define NORMA_SET_INTERFACE_H

#include "norma.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the declarations below. It is raised whenever a struct here or the bits of a
 * primitive change, and a plug-in that was compiled with another version is refused. */
#define NORMA_SET_ABI 4

enum {
    /* Sums are taken in double, in so many lanes: element i of a span is added to lane i mod 16, in
     * order, from 0; then lane i to lane i + 8, i + 4, i + 2 and i + 1, in this order. Squares and
     * products are added by fma. The sum of a column has one lane, from the first row to the
     * last. */
    NORMA_LANES = 16,
    /* The longest span that `moments` takes; longer ones are cut into such chunks, which are merged
     * in double. It bounds the rounding error and fits in every L1 data cache: 16 KiB. */
    NORMA_CHUNK = 4096
};

/* Some of a span's elements: those with labels[i] == label. */
struct norma_selection {
    const uint8_t *labels; /* [length], the same for every span */
    uint8_t label;
    /* For `moments` alone: the first selected element, and how many there are, at least one. The
     * other primitives must not use them, and may get spans without a selected element. */
    int64_t first, count;
};

/* y = fma(x - centre[r], scale[r], shift[r]), then + residual, then ReLU: +0 where y <= 0, else y
 * (a NaN stays). y may be x. */
struct norma_apply {
    const void *x;
    const void *residual; /* NULL: none */
    void *y;
    int64_t length, spans;
    const float *centre, *scale, *shift; /* [spans] */
    bool relu;
    /* Advice: y will not stay in the caches, so it may be stored past them. */
    bool nontemporal;
    /* With nontemporal: how many elements ahead of x to prefetch; 0: none. */
    int64_t prefetch_distance;
    /* NULL: all elements. Never with nontemporal. */
    const struct norma_selection *selection;
    const void *others; /* the values of y where it is not selected: x or y itself */
};

/* dy counts where the epilogue's ReLU let y through: not where y <= 0. y NULL: everywhere. */
struct norma_gradient_sums {
    const void *x, *dy, *y;
    int64_t length, spans;                   /* length <= NORMA_CHUNK */
    const float *centre;                     /* [spans] */
    const struct norma_selection *selection; /* NULL: all elements */
    double *dy_sum;                          /* [spans]: sum of dy */
    double *product;                         /* [spans]: sum of dy (x - centre) */
    /* Every sum is taken in double: the caller will move the sums to another centre. */
    bool in_double;
};

/* dx = fma(dy, dy_scale[r], fma(x - centre[r], x_scale[r], constant[r])). dx may be dy. */
struct norma_gradient_apply {
    const void *x; /* NULL: dx = dy dy_scale[r], whatever x is */
    const void *dy, *y;
    void *dx;
    void *dresidual; /* NULL: not written; else dy where it counts, 0 elsewhere */
    int64_t length, spans;
    const float *centre, *dy_scale, *x_scale, *constant; /* [spans] */
    bool nontemporal;
    int64_t prefetch_distance; /* as in norma_apply, for x and dy */
    const struct norma_selection *selection;
    const void *others; /* as in norma_apply, for dx: dy or dx itself */
};

/* Unitization with an alpha per element [Unit 1.1]: w = fma(alpha, weight, 1 - alpha) multiplies x
 * or, with `divide`, divides it. One span. */
struct norma_blend {
    const void *x;
    const float *alpha;   /* [length] */
    const void *residual; /* forward; NULL: none */
    const void *dy, *y;   /* backward; y as in norma_gradient_sums */
    void *out;            /* y or dx; may be x, or dy */
    void *dresidual;      /* backward; as in norma_gradient_apply */
    int64_t length;
    float weight;
    float x_scale; /* blend_gradient: dx = dy w + x x_scale, or dy / w + x x_scale */
    bool divide, relu;
};

/* The gradient of an alpha per element: out = sum over the samples of dy x factor[n], divided by
 * w^2 with `divide`, w = alpha weight[n] + (1 - alpha) in double. */
struct norma_blend_alpha {
    const void *x, *dy, *y;
    const float *alpha;              /* [length] */
    float *out;                      /* [length]: a parameter's gradient */
    int64_t length, samples, stride; /* stride: from one sample to the next */
    const double *weight, *factor;   /* [samples] */
    bool divide;
};

/* Rows with statistics of their own, and columns with parameters of their own. The factor of an
 * element is weight[column] inverse_std[row], both floats; with `blend` 1 - weight[column] is
 * added, and all of it is in double and rounded once. */
struct norma_row_scale {
    const float *weight; /* [length]; NULL: `number` for all columns */
    double number;
    const double *inverse_std; /* [rows] */
    bool blend;
};

/* y = fma(fma(x - centre[row], factor[row], constant[row]), weight[column], shift[column]), or with
 * `blend` x times the factor of norma_row_scale. The rest is as in norma_apply; `rows` contiguous
 * rows of `length` columns. */
struct norma_row_apply {
    const void *x, *residual;
    void *y;
    int64_t length, rows;
    struct norma_row_scale scale;
    const float *centre, *factor, *constant; /* [rows]; not with blend */
    const float *shift;                      /* [length]; NULL: no_shift for all columns */
    float no_shift;
    bool relu, nontemporal;
};

/* Backward. row_sums gives for each row the sums of weight dy and of weight dy (x - mean); it adds
 * to column_dy and column_product dy and factor[row] dy (x - mean), of which it may add some rows
 * in float first: norma's sets do, eight rows at a time, in two halves of four (template_rows.h).
 * row_gradient gives dx = fma(dy, factor, fma(x - centre[row], x_scale[row], constant[row])). */
struct norma_row_gradient {
    const void *x, *dy, *y;
    void *dx, *dresidual; /* dx may be dy */
    int64_t length, rows;
    struct norma_row_scale scale;
    const float *centre;                /* [rows]: the mean, rounded */
    const double *mean, *factor;        /* [rows] */
    double *dy_sum, *product;           /* [rows] */
    double *column_dy, *column_product; /* [length] */
    const float *x_scale, *constant;    /* [rows] */
    bool nontemporal;
};

struct norma_vocabulary;

/* ---- a set -------------------------------------------------------------------------------- */

struct norma_set {
    const char *name;        /* a plug-in takes its own from norma_plugin */
    const char *features;    /* CPU features, separated by blanks: "avx2 fma" */
    bool (*available)(void); /* returns whether this CPU and its operating system have them */

    /* Computes mean[r] and m2[r], the sum of squared deviations from it, of `spans` contiguous
     * spans of 1 <= length <= NORMA_CHUNK elements; with a selection, of the selected elements (the
     * others then count as 0).
     *     sum = sum of x, squares = sum of x^2, mean = sum (1 / length), m2 = squares - sum mean
     * Where not m2 >= squares / 4096, the sums are those of d = x - x[0] instead
     * (x[selection->first]), which is 0 for elements that are not selected:
     *     mean = x[0] + sum (1 / length), m2 = squares - sum (sum (1 / length)), 0 if negative */
    void (*moments)(const void *x, int64_t length, int64_t spans,
                    const struct norma_selection *selection, double *mean, double *m2);
    void (*apply)(const struct norma_apply *work);
    void (*gradient_sums)(const struct norma_gradient_sums *work);
    void (*gradient_apply)(const struct norma_gradient_apply *work);

    /* The same for channels-last: `spans` rows of `length` columns, `stride` elements apart. The
     * arrays that have an entry for each span above have one for each column here, mean and m2
     * among them. There is no selection, and 1 <= rows <= NORMA_CHUNK where sums are taken. */
    void (*moments_columns)(const void *x, int64_t rows, int64_t stride, int64_t columns,
                            double *mean, double *m2);
    void (*apply_columns)(const struct norma_apply *work, int64_t stride);
    void (*gradient_sums_columns)(const struct norma_gradient_sums *work, int64_t stride);
    void (*gradient_apply_columns)(const struct norma_gradient_apply *work, int64_t stride);

    void (*apply_rows)(const struct norma_row_apply *work);
    void (*row_sums)(const struct norma_row_gradient *work);
    void (*row_gradient)(const struct norma_row_gradient *work);

    void (*blend)(const struct norma_blend *work);
    /* Returns the sum of alpha dy x, divided by w^2 with `divide`; weight replaces work->weight, in
     * double. length <= NORMA_CHUNK. */
    double (*blend_product)(const struct norma_blend *work, double weight);
    void (*blend_gradient)(const struct norma_blend *work);
    void (*blend_alpha)(const struct norma_blend_alpha *work);

    /* A plug-in must not change these. */
    const struct norma_vocabulary *vocabulary; /* the functions of the above, for norma-verify */
    const char *base; /* a plug-in's base, whose profile tunes it; else NULL */
};

/* ---- plug-ins ----------------------------------------------------------------------------- */

/* The symbol that a plug-in exports, as `norma_plugin`. abi is the first member in all versions. */
struct norma_plugin {
    unsigned abi;     /* NORMA_SET_ABI */
    const char *name; /* the new set's: up to 31 of a-z, 0-9, '-', '_' and '.', beginning with a
                         letter or digit; no implementation must have it yet */
    const char *base; /* the set that it begins with, e.g. "avx512"; NULL or "": the fastest that
                         this machine can run */
    /* Called once, with a copy of the base, in which it replaces functions. The functions that it
     * finds there may be kept, and called for the cases that the plug-in leaves to them. */
    void (*override)(struct norma_set *set);
};

/* Declared here so that it is exported whatever the compiler's default is, and from C++ as well. */
extern NORMA_API const struct norma_plugin norma_plugin;

#ifdef __cplusplus
}
#endif

#endif
