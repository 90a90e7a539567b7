/* The stages of an execution: the steps that a tile of the tensor goes through. This header is for
 * other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_STAGES_H
#define KERNELS_STAGES_STAGES_H

#include "kernels/stages/channels.h"
#include "kernels/stages/context.h"
#include "kernels/stages/elements.h"
#include "kernels/stages/environment.h"
#include "kernels/stages/recovered_means.h"
#include "kernels/stages/rows.h"
#include "kernels/stages/share.h"
#include "kernels/stages/shared_moments.h"
#include "kernels/stages/shared_sums.h"
#include "kernels/stages/tile.h"

#endif
