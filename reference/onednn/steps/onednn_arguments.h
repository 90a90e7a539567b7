/* Whether the arguments of an execution will do.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_STEPS_ONEDNN_ARGUMENTS_H
#define REFERENCE_ONEDNN_STEPS_ONEDNN_ARGUMENTS_H

#include <norma.h>

/* bwd, inf_bwd. */
bool onednn_is_backward(const struct norma_problem *problem);

/* NORMA_STATUS_NULL where a pointer that the problem needs is missing; or an argument that picks
 * rows or samples picks one that is not there. */
norma_status onednn_check_arguments(const struct norma_problem *problem,
                                    const struct norma_args *args);

/* Of a tensor without elements: NORMA_STATUS_EMPTY if statistics were asked for, of sets that
 * exist. */
norma_status onednn_execute_empty(const struct norma_problem *problem,
                                  const struct norma_args *args);

#endif
