/* The facts about each operator that its tensors, its checks and its error bounds follow from, in
 * one row of a table for each operator.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_INTERFACE_OPERATOR_FACTS_H
#define REFERENCE_INTERFACE_OPERATOR_FACTS_H

#include <norma.h>

/* The elements that one statistic, an entry of mean and inverse_std, is computed over. */
enum reference_sets {
    REFERENCE_SETS_CHANNEL, /* a channel in all samples of the batch; entry c */
    REFERENCE_SETS_PLANE,   /* a channel of one sample, or a region of it; entry [n][region][c] */
    REFERENCE_SETS_GROUP,   /* a group of channels of one sample; entry [n][group] */
    REFERENCE_SETS_SAMPLE   /* all channels of one sample; entry n */
};

struct reference_operator_facts {
    enum reference_sets sets; /* of mean and inverse_std */
    bool mean;                /* a mean is subtracted; otherwise x is divided by a norm */
    bool running;             /* inference takes running statistics, training updates them */
    bool instances;           /* each instance has statistics as well, for a second term */
    bool epsilon;             /* epsilon has an effect */
    bool gamma, beta;         /* the scale and the shift of each channel are arguments */
    bool style_index; /* gamma and beta have a row for each style, which samples choose from */
    bool rho;         /* a gate weighs the two terms, unless the problem fixes it */
    bool alpha;       /* alpha is an argument, unless the problem has it as a number */
    bool style;       /* statistics of styles replace those of x */
};

/* Returns the row of the problem's operator; unit has one for each kind of its forms. */
const struct reference_operator_facts *reference_facts_of(const struct norma_problem *problem);

/* Returns the number of regions that each plane has: adain's, otherwise 1. */
static inline int64_t reference_regions(const struct norma_problem *problem) {
    return problem->regions > 0 ? problem->regions : 1;
}

/* Returns the number of channels that each statistic is computed over. */
int64_t reference_channels_per_set(const struct norma_problem *problem);

/* Returns the number of planes that each statistic is computed over; a plane is a channel of one
 * sample. */
int64_t reference_planes_per_set(const struct norma_problem *problem);

/* Returns the entry of mean and inverse_std for a region of plane [n][c]; the region is 0 where the
 * problem has none. */
int64_t reference_set_of(const struct norma_problem *problem, int64_t plane, int64_t region);

/* Returns the first plane [n][c], or [n][region][c], that entry `set` of mean and inverse_std is
 * computed over. */
int64_t reference_first_plane(const struct norma_problem *problem, int64_t set);

#endif
