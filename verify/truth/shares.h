/* Shares of the error bound that the elements of results use: a histogram with a median.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_SHARES_H
#define VERIFY_TRUTH_SHARES_H

#include <stdbool.h>
#include <stdint.h>

enum {
    VERIFY_SHARE_STEPS = 512,  /* of the bound; shares beyond the bound count in the last step */
    VERIFY_SHARE_SAMPLE = 4096 /* elements of one tensor, about; larger tensors are sampled */
};

struct verify_shares {
    int64_t counts[VERIFY_SHARE_STEPS];
};

/* Checks whether element `index` of `count` is in the sample, which is spread over the tensor. */
static inline bool verify_shares_has(int64_t index, int64_t count) {
    const uint32_t scattered = (uint32_t)index * UINT32_C(2654435769);
    return (double)scattered * (double)count < 0x1p32 * VERIFY_SHARE_SAMPLE;
}

/* Adds a share; any thread may call it. A share of 0 does not count, because an element that is
 * exactly as expected, such as one that a ReLU makes 0, shows nothing about the bound. */
void verify_shares_add(struct verify_shares *shares, double share);

/* Returns the median of the shares; 0 if there are none. */
double verify_shares_median(const struct verify_shares *shares);

/* A bound proves nothing if the median share is below the first, and other data will break it if
 * the median share is above the second. */
#define VERIFY_LEAST_MEDIAN_SHARE 0.01
#define VERIFY_MOST_MEDIAN_SHARE  0.6

#endif
