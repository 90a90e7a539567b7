/* What the reference refuses to execute: a second opinion on the rules of norma_execute, which
 * shares nothing with kernels/. Overlaps are allowed: it rounds its results when all are there.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_REFERENCE_ARGUMENTS_H
#define NORMA_REFERENCE_ARGUMENTS_H

#include "outputs.h"

/* NORMA_OK, NORMA_EMPTY, NORMA_NULL or one of NORMA_BAD_... */
norma_status norma_reference_check(const struct norma_problem *problem,
                                   const struct norma_args *args,
                                   const struct norma_outputs *outputs);

#endif
