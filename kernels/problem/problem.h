/* What other folders may use of this one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_PROBLEM_PROBLEM_H
#define KERNELS_PROBLEM_PROBLEM_H

#include "kernels/problem/writer.h"

#endif
