/* What the reference refuses to execute: a second opinion on the rules of norma_execute, which
 * shares nothing with kernels/. Overlaps are allowed: it rounds its results when all are there.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_CHECKED_ARGUMENTS_H
#define REFERENCE_CHECKED_ARGUMENTS_H

#include "reference/outputs.h"

/* NORMA_STATUS_OK, NORMA_STATUS_EMPTY, NORMA_STATUS_NULL or one of NORMA_STATUS_BAD_... */
norma_status reference_check(const struct norma_problem *problem, const struct norma_args *args,
                             const struct reference_outputs *outputs);

#endif
