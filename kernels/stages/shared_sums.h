/* Two-phase: the sums of the backward pass, by way of the sums of chunks that all threads share.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_SHARED_SUMS_H
#define KERNELS_STAGES_SHARED_SUMS_H

#include "kernels/stages/context.h"

/* `everything` is the context of one tile that holds the whole tensor (norma_everything). */

/* Loads the statistics that the forward pass returned and computes all sums of planes and of
 * statistics sets. The plan must not have an alpha per element. */
void norma_phase_sums(const struct norma_stage_context *everything);

/* The same for plans with an alpha per element. */
void norma_phase_element_sums(const struct norma_stage_context *everything);

#endif
