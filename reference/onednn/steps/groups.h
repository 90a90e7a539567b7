/* Group normalization by oneDNN's own primitive, which it has since 3.3, forward in channels-last
 * tensors. That is the only case that it has compiled code for.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_STEPS_GROUPS_H
#define REFERENCE_ONEDNN_STEPS_GROUPS_H

#include "reference/onednn/steps/geometry.h"

struct onednn_groups {
    struct onednn_step step; /* all zeros if it is not used */
    float *mean, *variance;  /* one for each group, from the last execution */
    float *scale, *shift;    /* 1 and 0 for each channel, for callers without gamma and beta */
};

/* Creates the step for a channels-last tensor. Returns NORMA_STATUS_UNSUPPORTED if oneDNN has no
 * compiled code for it. */
norma_status onednn_groups_create(struct onednn_groups *self,
                                  const struct onednn_geometry *geometry, int64_t groups,
                                  double epsilon, bool relu);
norma_status onednn_groups_run(const struct onednn_groups *self, const struct norma_args *args);
/* Accepts zeros, and leaves zeros. */
void onednn_groups_destroy(struct onednn_groups *self);

#endif
