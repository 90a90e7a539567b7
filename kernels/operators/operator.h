/* An operator, seen from the executor: which statistics it takes, and what it makes of them.
 *
 * Forward, every operator is moments -> coefficients -> affine: y = (x - centre) scale + shift with
 * one centre, scale and shift per (n, c). Backward it is sums -> coefficients -> affine of two
 * inputs: dx = dy_scale dy + x_scale (x - centre) + constant. An operator is one small file that
 * computes these in double from statistics, sums and parameters; the executor rounds them to float.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_OPERATORS_OPERATOR_H
#define KERNELS_OPERATORS_OPERATOR_H

#include <norma.h>

/* The elements whose statistics are taken together; contiguous in memory in layout ncs. */
enum norma_extent {
    NORMA_PER_PLANE, /* the S positions of one (n, c); adain: those of a region */
    NORMA_PER_GROUP, /* the C/G channels of one (n, g) */
    NORMA_PER_SAMPLE /* all C channels of one n */
};

/* A stretch of channels of one sample (and region), with the statistics that belong to each
 * channel. Pointers are at the first channel of the stretch; those that the operator does not ask
 * for are NULL. */
struct norma_channels {
    const struct norma_problem *problem;
    const struct norma_args *args;
    int64_t sample, first, count;
    int64_t row;                                  /* cin: of the tables; else 0 */
    const double *mean, *inverse_std;             /* of the channel's plane, group or sample */
    const double *batch_mean, *batch_inverse_std; /* of the channel over the batch, or running */
    const double *style_mean, *style_std;         /* of the style that applies */
    double set_count, batch_count;                /* elements that the statistics are of */
    double inverse_norm;                          /* unit layer: 1 / sqrt(q_n + epsilon) */
};

/* Results, one per channel of the stretch: y = (x - centre) * scale + shift. */
struct norma_affine {
    double *centre, *scale, *shift;
};

/* Backward: sums of dy and of dy (x - centre), the centre being the channel's mean (batch_mean
 * where there is no other, 0 of operators that subtract none). */
struct norma_sums {
    const double *dy, *product;             /* over the channel's plane (and region) */
    const double *set_dy, *set_product;     /* of set_weights times these over the channel's set */
    const double *batch_dy, *batch_product; /* of batch_weights times these over the batch, about
                                               the batch's mean */
    int64_t styled; /* adain style=swap: the sample whose style this one is, and its sums ... */
    const double *styled_dy, *styled_product;
    double norm_slope; /* unit layer: what the norm's gradient multiplies z with */
};

/* dx = dy_scale dy + x_scale (x - centre) + constant. */
struct norma_gradient_affine {
    double *centre, *dy_scale, *x_scale, *constant;
};

/* What the sample adds to the gradients of the parameters, one per channel of the stretch. An
 * operator has a gate or an alpha, not both. */
struct norma_parameter_sums {
    double *gamma, *beta, *gate, *alpha;
};

/* What couples all samples and channels, for the operators that have more than one level of
 * statistics: arrays over the whole tensor, [N][C], [C] or [N]. */
struct norma_coupling {
    const struct norma_problem *problem;
    const struct norma_args *args;
    const double *mean, *m2;                      /* moments of the planes */
    const double *batch_mean, *batch_inverse_std; /* [C] */
    double *inverse_norm;                         /* [N] to be filled */
    const double *dy, *product;                   /* backward: sums of the planes, else NULL */
    double *norm_slope;                           /* [N] to be filled */
    double *batch_dy, *batch_product;             /* [C] to be filled */
};

struct norma_operator_descriptor {
    enum norma_extent extent;
    bool instance; /* needs the statistics of each plane, group or sample */
    bool batch;    /* needs statistics per channel over the batch (running ones in inference) */
    bool
        squared_norm; /* inverse_std is 1/sqrt(sum of squares + epsilon), not of the variance ... */
    bool mean_square; /* ... or 1/sqrt(mean of squares + epsilon) */
    bool style;       /* needs statistics of a style */
    bool scale, shift; /* takes args.gamma, args.beta */
    bool tables;       /* ... which are tables, with a row for each style */
    bool gate;         /* takes args.rho */
    bool weight;       /* takes args.alpha */
    bool rows; /* factor = gamma r or, with weight, alpha r + 1 - alpha, r being the sample's;
                * backward the sample's channels differ in nothing but that: see stages/rows.h */

    void (*coefficients)(const struct norma_channels *channels, const struct norma_affine *affine);

    /* Backward. The weights with which the channels' sums count in those of their sets and of the
     * batch; NULL: these sums are not needed. */
    void (*set_weights)(const struct norma_channels *channels, double *weights);
    void (*batch_weights)(const struct norma_channels *channels, double *weights);
    void (*gradient)(const struct norma_channels *channels, const struct norma_sums *sums,
                     const struct norma_gradient_affine *gradient);
    void (*parameters)(const struct norma_channels *channels, const struct norma_sums *sums,
                       const struct norma_parameter_sums *parameters); /* NULL: none */

    /* Only with both instance and batch: see norma_coupling. NULL: not coupled. */
    void (*couple)(const struct norma_coupling *coupling);
};

const struct norma_operator_descriptor *
norma_operator_descriptor(const struct norma_problem *problem);

/* The gamma of channel i of the stretch: of the row of a table, or the only one. */
static inline double norma_gamma(const struct norma_channels *channels, int64_t i) {
    const float *gamma = channels->args->gamma;
    return gamma ? (double)gamma[channels->row * channels->problem->c + channels->first + i] : 1.0;
}

/* Those of all its channels, in one loop with nothing to ask in it: of small planes there are many.
 */
void norma_gammas(const struct norma_channels *channels, double *restrict gammas);
void norma_betas(const struct norma_channels *channels, double *restrict betas);

#endif
