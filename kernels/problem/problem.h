/* Problems as texts: the writer, which profiles use as well. This header is for other folders; the
 * rest is in norma.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_PROBLEM_PROBLEM_H
#define KERNELS_PROBLEM_PROBLEM_H

#include "kernels/problem/writer.h"

#endif
