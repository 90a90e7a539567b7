/* Where norma.h does not promise that stages give the same results as norma_execute.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_FUZZ_TRIAL_STAGE_LIMITS_H
#define VERIFY_FUZZ_TRIAL_STAGE_LIMITS_H

#include "verify/fuzz/trial/trial_stages.h"

/* Replaces y by that of the scene's execution where a rank, whose samples begin with number
 * `first`, has a coefficient that is no normal float. norma_execute computes these in double. */
void fuzz_keep_unstaged(const struct fuzz_scene *scene, struct fuzz_rank *rank, int64_t first);

/* Checks whether the gradients are those of rounded statistics: of unit form=layer, where a mean
 * may be more than four deviations. */
bool fuzz_is_unstaged(const struct fuzz_scene *scene);

#endif
