/* Moments, sums and affines of spans and columns of any length, made of what a set does for short
 * ones.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_SPANS_SPANS_H
#define KERNELS_SPANS_SPANS_H

#include "kernels/spans/column_moments.h"
#include "kernels/spans/columns.h"
#include "kernels/spans/merge.h"

#endif
