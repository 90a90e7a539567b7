/* Colours of what is not an implementation: kernels of memory records, levels of the memory.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_PLOTS_PALETTE_H
#define NORMA_PLOTS_PALETTE_H

#include "view.h"

enum { NORMA_PALETTE = 5 };
extern const struct norma_style norma_palette[NORMA_PALETTE];

#endif
