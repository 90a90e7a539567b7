/* The kinds of data that a problem is checked with.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_DATA_KINDS_H
#define VERIFY_TRUTH_DATA_KINDS_H

#include <norma.h>

/* The kinds of values in x and the styles, and backward in dy. */
enum verify_data {
    VERIFY_DATA_NORMAL,     /* standard normal, each channel with a mean and scale of its own */
    VERIFY_DATA_LARGE_MEAN, /* |mean| is 1e4 or 1e6 times the standard deviation */
    VERIFY_DATA_CONSTANT, /* constant spans: zero variance; where norms are divided by, one is 0 */
    VERIFY_DATA_DEFAULTS, /* as normal, but gamma is 1 and beta 0, so that both may be left out */
    VERIFY_DATA_IMAGE,    /* for two spatial dimensions: a picture, in 0 to 255 or in 0 to 1 */
    VERIFY_DATA_TINY,     /* subnormal, around 1e-40; gamma is 1 and beta 0, which would hide it */
    VERIFY_DATA_HUGE, /* around 1e30, whose squares are beyond float's range, or forward at its end;
                         signs alternate in every second channel */
    VERIFY_DATA_OUTLIER,  /* zeros of both signs, with one element that is not 0 in every plane */
    VERIFY_DATA_HUGE_DY,  /* x is normal, and dy around 1e30 or 1e37: sums of it are infinite */
    VERIFY_DATA_TINY_DY,  /* x is normal, and dy around 1e-30 or 1e-36 */
    VERIFY_DATA_OPPOSITE, /* x is huge and dy is tiny, or the reverse */
    VERIFY_DATA_COUNT
};

/* The first kind on which sums in float may overflow or vanish. From here on no error bound is of
 * use for peers that sum in float. */
#define VERIFY_DATA_EXTREMES VERIFY_DATA_TINY
/* The first of the extremes of dy, which backward passes alone have. */
#define VERIFY_DATA_EXTREMES_OF_DY VERIFY_DATA_HUGE_DY

/* Returns "normal", "large-mean", "constant" and so on; NULL beyond the last. */
const char *verify_data_name(enum verify_data data);

/* Checks whether the kind of data shows something about the problem that others do not. */
bool verify_data_suits(enum verify_data data, const struct norma_problem *problem);

#endif
