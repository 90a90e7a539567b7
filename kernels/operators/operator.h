/* An operator as the executor sees it: which statistics it needs, and how it uses them.
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

/* Consecutive channels of one sample (and region), with the statistics that belong to each of them.
 * Arrays begin with the first of these channels. Arrays that the operator does not need are
 * NULL. */
struct norma_channels {
    const struct norma_problem *problem;
    const struct norma_args *args;
    int64_t sample, first, count;
    int64_t row;                      /* cin: the sample's row of the tables; 0 otherwise */
    const double *mean, *inverse_std; /* of the channel's plane, group or sample */
    const double *batch_mean, *batch_inverse_std; /* of the channel over the batch, or running */
    const double *style_mean, *style_std;         /* of the style of this region */
    double set_count, batch_count;                /* elements that the statistics are taken over */
    double inverse_norm;                          /* unit layer: 1 / sqrt(q_n + epsilon) */
};

/* Results, one for each channel: y = (x - centre) * scale + shift. */
struct norma_affine {
    double *centre, *scale, *shift;
};

/* Backward: sums of dy and of dy (x - centre). The centre is the channel's mean; batch_mean where
 * there is no other, and 0 where the operator subtracts no mean. */
struct norma_sums {
    const double *dy, *product;             /* over the channel's plane (and region) */
    const double *set_dy, *set_product;     /* times set_weights, over the channel's set */
    const double *batch_dy, *batch_product; /* times batch_weights, over the batch and about its
                                               mean */
    int64_t styled; /* adain with style=swap: the sample whose style this one is */
    const double *styled_dy, *styled_product; /* its sums */
    double norm_slope; /* unit layer: the factor of z in the gradient of the norm */
};

/* dx = dy_scale dy + x_scale (x - centre) + constant. */
struct norma_gradient_affine {
    double *centre, *dy_scale, *x_scale, *constant;
};

/* The terms of one sample in the gradients of the parameters, one for each channel. An operator has
 * a gate or an alpha, never both. */
struct norma_parameter_sums {
    double *gamma, *beta, *gate, *alpha;
};

/* Statistics and sums of the whole tensor, and arrays to be filled with values that depend on all
 * samples and channels. They are for an operator with two levels of statistics. */
struct norma_mixing {
    const struct norma_problem *problem;
    const struct norma_args *args;
    const double *mean, *m2;                      /* [N][C], moments of the planes */
    const double *batch_mean, *batch_inverse_std; /* [C] */
    double *inverse_norm;                         /* [N], to be filled */
    const double *dy, *product;                   /* [N][C], sums of the planes; NULL forward */
    double *norm_slope;                           /* [N], to be filled, backward */
    double *batch_dy, *batch_product;             /* [C], to be filled, backward */
};

struct norma_operator_descriptor {
    enum norma_extent extent;
    bool instance;     /* needs the statistics of each plane, group or sample */
    bool batch;        /* needs statistics per channel over the batch; running ones in inference */
    bool squared_norm; /* inverse_std is 1 / sqrt(sum of squares + epsilon), not of the variance */
    bool mean_square;  /* with squared_norm: of the mean of the squares */
    bool style;        /* needs statistics of a style */
    bool scale, shift; /* takes args.gamma, args.beta */
    bool tables;       /* these are tables with a row for each style */
    bool gate;         /* takes args.rho */
    bool weight;       /* takes args.alpha */

    /* Computes the coefficients of y. */
    void (*coefficients)(const struct norma_channels *channels, const struct norma_affine *affine);

    /* Compute the weights with which the channels' sums count in those of their sets and of the
     * batch, backward. NULL: these sums are not needed. */
    void (*set_weights)(const struct norma_channels *channels, double *weights);
    void (*batch_weights)(const struct norma_channels *channels, double *weights);

    /* Computes the coefficients of dx. */
    void (*gradient)(const struct norma_channels *channels, const struct norma_sums *sums,
                     const struct norma_gradient_affine *gradient);

    /* Computes the sample's terms in the gradients of the parameters. NULL: the operator has no
     * parameters. */
    void (*parameters)(const struct norma_channels *channels, const struct norma_sums *sums,
                       const struct norma_parameter_sums *parameters);

    /* Returns the factor of dy (x - mean) in the gradient of gamma or, with weight, of alpha, for a
     * sample with this inverse_std. NULL: the operator is not computed by rows (see stages/rows.h).
     * Otherwise its statistics must be of whole samples, the factor of x - mean in y must be
     * gamma r or, with weight, alpha r + 1 - alpha, r being the sample's inverse_std, and the
     * channels of a sample must not differ in anything else backward. */
    double (*row_factor)(double inverse_std);

    /* Fills the arrays that depend on all samples and channels. NULL: there are none. The operator
     * must have both instance and batch. */
    void (*mix_samples)(const struct norma_mixing *mixing);
};

/* Returns the gamma of channel i, of the sample's row of a table or of the only one. */
static inline double norma_gamma(const struct norma_channels *channels, int64_t i) {
    const float *gamma = channels->args->gamma;
    return gamma ? (double)gamma[channels->row * channels->problem->c + channels->first + i] : 1.0;
}

/* Write those of all channels, in a single loop without branches that the compiler can vectorize.
 * This matters if there are many small planes. */
void norma_gammas(const struct norma_channels *channels, double *restrict gammas);
void norma_betas(const struct norma_channels *channels, double *restrict betas);

#endif
