/* How much of their bounds the elements of results use: a histogram, of which the median is taken.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_SHARES_H
#define NORMA_VERIFY_SHARES_H

#include <stdbool.h>
#include <stdint.h>

enum {
    NORMA_SHARE_STEPS = 512,  /* of the bound; what is beyond it counts as all of it */
    NORMA_SHARE_SAMPLE = 4096 /* elements of one tensor, about: of larger ones a sample */
};

struct norma_shares {
    int64_t counts[NORMA_SHARE_STEPS];
};

/* Is element `index` of `count` in the sample? Any, in no order. */
static inline bool norma_shares_wanted(int64_t index, int64_t count) {
    const uint32_t scattered = (uint32_t)index * UINT32_C(2654435769);
    return (double)scattered * (double)count < 0x1p32 * NORMA_SHARE_SAMPLE;
}

/* By any thread. An element that is exactly as expected tells nothing of the bound, such as what a
 * ReLU makes 0, and does not count. */
void norma_shares_add(struct norma_shares *shares, double share);

/* 0: there are none. */
double norma_shares_median(const struct norma_shares *shares);

/* A median share of the bound beyond these is that of a bound which proves nothing, or of one that
 * other data will break. */
#define NORMA_LEAST_MEDIAN_SHARE 0.01
#define NORMA_MOST_MEDIAN_SHARE  0.6

#endif
