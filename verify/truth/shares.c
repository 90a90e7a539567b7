/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/truth/shares.h"

void verify_shares_add(struct verify_shares *shares, double share) {
    if (share == 0.0) {
        return;
    }
    int64_t *count =
        &shares->counts[share < 1.0 ? (int)(share * VERIFY_SHARE_STEPS) : VERIFY_SHARE_STEPS - 1];
#pragma omp atomic update
    ++*count;
}

double verify_shares_median(const struct verify_shares *shares) {
    int64_t all = 0, below = 0;
    for (int i = 0; i < VERIFY_SHARE_STEPS; i++) {
        all += shares->counts[i];
    }
    int step = 0;
    while (step < VERIFY_SHARE_STEPS && 2 * (below + shares->counts[step]) < all) {
        below += shares->counts[step++];
    }
    return all > 0 ? (step + 0.5) / VERIFY_SHARE_STEPS : 0.0;
}
