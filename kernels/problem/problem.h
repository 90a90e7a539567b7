/* The interface of this folder, beside norma.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_PROBLEM_PROBLEM_H
#define KERNELS_PROBLEM_PROBLEM_H

#include "kernels/problem/writer.h"

#endif
