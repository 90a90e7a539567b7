/* Group normalization by oneDNN's own primitive, which it has since 3.3, forward. It has compiled
 * code for channels-last tensors, and generic code for plain ones.
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

/* Creates the step. Returns NORMA_STATUS_UNSUPPORTED if this oneDNN has no such primitive. */
norma_status onednn_groups_create(struct onednn_groups *self,
                                  const struct onednn_geometry *geometry, int64_t groups,
                                  double epsilon, bool relu);
/* Checks whether oneDNN has compiled code for the step. */
bool onednn_groups_is_compiled(const struct onednn_groups *self);
/* Also leaves the mean and the variance of each group in the arrays. */
norma_status onednn_groups_run(const struct onednn_groups *self, const struct norma_args *args);
/* Accepts zeros, and leaves zeros. */
void onednn_groups_destroy(struct onednn_groups *self);

#endif
