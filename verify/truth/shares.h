/* How much of their bounds the elements of results use: a histogram, of which the median is taken.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_SHARES_H
#define VERIFY_TRUTH_SHARES_H

#include <stdbool.h>
#include <stdint.h>

enum {
    VERIFY_SHARE_STEPS = 512,  /* of the bound; what is beyond it counts as all of it */
    VERIFY_SHARE_SAMPLE = 4096 /* elements of one tensor, about: of larger ones a sample */
};

struct verify_shares {
    int64_t counts[VERIFY_SHARE_STEPS];
};

/* Is element `index` of `count` in the sample? Any, in no order. */
static inline bool verify_shares_wanted(int64_t index, int64_t count) {
    const uint32_t scattered = (uint32_t)index * UINT32_C(2654435769);
    return (double)scattered * (double)count < 0x1p32 * VERIFY_SHARE_SAMPLE;
}

/* By any thread. An element that is exactly as expected tells nothing of the bound, such as what a
 * ReLU makes 0, and does not count. */
void verify_shares_add(struct verify_shares *shares, double share);

/* 0: there are none. */
double verify_shares_median(const struct verify_shares *shares);

/* A median share of the bound beyond these is that of a bound which proves nothing, or of one that
 * other data will break. */
#define VERIFY_LEAST_MEDIAN_SHARE 0.01
#define VERIFY_MOST_MEDIAN_SHARE  0.6

#endif
