/* Coefficients shared by the operators that standardize each sample by statistics of its own and
 * then scale by gamma and shift by beta, whatever the extent of the statistics.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_STANDARDIZE_H
#define NORMA_STANDARDIZE_H

#include "operators/operator.h"

void norma_standardize(const struct norma_channels *channels, const struct norma_affine *affine);

#endif
