/* What may be tuned: numbers that change how fast a plan is and never a bit of its result.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_PLAN_TUNING_H
#define KERNELS_PLAN_TUNING_H

#include <norma_tools.h>

/* Returns the class of a tensor of so many bytes, x and y together. */
norma_size_class norma_size_class_of(int64_t bytes);

#endif
