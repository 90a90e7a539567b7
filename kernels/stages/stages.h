/* What other folders may use of this one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_STAGES_H
#define KERNELS_STAGES_STAGES_H

#include "kernels/stages/arena.h"
#include "kernels/stages/columns.h"
#include "kernels/stages/merge.h"
#include "kernels/stages/rows.h"
#include "kernels/stages/share.h"
#include "kernels/stages/shared_moments.h"
#include "kernels/stages/tile.h"

#endif
