/* An operator, seen from the executor: which statistics it takes, and what it makes of them.
 *
 * Forward, every operator is moments -> coefficients -> affine: y = (x - centre) * scale + shift
 * with one centre, scale and shift per (n, c). An operator is one small file that computes these
 * three in double from statistics and parameters; the executor rounds them to float in such a way
 * that the centre's rounding error is folded into the shift.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_OPERATOR_H
#define NORMA_OPERATOR_H

#include "norma.h"

/* The elements whose moments are taken together; contiguous in memory in layout ncs. */
enum norma_extent {
    NORMA_PER_PLANE, /* the S positions of one (n, c) */
    NORMA_PER_GROUP, /* the C/G channels of one (n, g) */
    NORMA_PER_SAMPLE /* all C channels of one n */
};

/* A stretch of channels of one sample, with the statistics that belong to each channel. Pointers
 * are at the first channel of the stretch; those that the operator does not ask for are NULL. */
struct norma_channels {
    const struct norma_problem *problem;
    const struct norma_args *args;
    int64_t sample, first, count;
    const double *mean, *inverse_std;             /* of the channel's plane, group or sample */
    const double *batch_mean, *batch_inverse_std; /* of the channel over the batch, or running */
    const double *style_mean, *style_std;         /* of the style's plane */
};

/* Results, one per channel of the stretch: y = (x - centre) * scale + shift. */
struct norma_affine {
    double *centre, *scale, *shift;
};

struct norma_operator_rules {
    enum norma_extent extent;
    bool instance;     /* needs the statistics of each plane, group or sample */
    bool batch;        /* needs statistics per channel over the batch (running ones in inference) */
    bool squared_norm; /* inverse_std is 1/sqrt(sum of squares + epsilon), not of the variance */
    bool style;        /* needs statistics of a style */
    bool affine;       /* takes args.gamma and args.beta */
    bool gate;         /* takes args.rho */
    bool weight;       /* takes args.alpha */
    void (*coefficients)(const struct norma_channels *channels, const struct norma_affine *affine);
};

const struct norma_operator_rules *norma_operator_rules(norma_operator op);

/* The parameter of channel i of the stretch, or its default where the caller gave none. */
static inline double norma_parameter(const float *parameter, const struct norma_channels *channels,
                                     int64_t i, double fallback) {
    return parameter ? (double)parameter[channels->first + i] : fallback;
}

/* (n, c) tables such as given style statistics. */
static inline int64_t norma_row(const struct norma_channels *channels) {
    return channels->sample * channels->problem->c + channels->first;
}

#endif
