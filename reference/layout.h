/* Channels-last problems, by way of channels-first ones: the definitions are written once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_LAYOUT_H
#define REFERENCE_LAYOUT_H

#include "reference/reference.h"

typedef norma_status reference_runner(const struct norma_problem *problem,
                                      const struct norma_args *args,
                                      const struct reference_reference *result);

/* Copies what is channels-last of the inputs, has `run` do the same problem channels-first, and
 * brings the results back. NORMA_STATUS_NO_MEMORY, or what `run` says. */
norma_status reference_channels_last(const struct norma_problem *problem,
                                     const struct norma_args *args,
                                     const struct reference_reference *result,
                                     reference_runner *run);

#endif
