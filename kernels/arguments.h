/* Checking the arguments of one execution.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_ARGUMENTS_H
#define NORMA_ARGUMENTS_H

#include "plan.h"

/* NORMA_OK, NORMA_NULL, NORMA_OVERLAP or NORMA_EMPTY. */
norma_status norma_check_arguments(const struct norma_plan *plan, const struct norma_args *args);

#endif
