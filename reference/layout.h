/* Channels-last problems, solved as channels-first ones, so that the definitions are written once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_LAYOUT_H
#define REFERENCE_LAYOUT_H

#include "reference/interface/interface.h"

typedef norma_status reference_runner(const struct norma_problem *problem,
                                      const struct norma_args *args,
                                      const struct reference_result *result);

/* Copies the inputs that are channels-last, has `run` solve the same problem channels-first, and
 * puts the results back in order. Returns NORMA_STATUS_NO_MEMORY, or what `run` returns. */
norma_status reference_channels_last(const struct norma_problem *problem,
                                     const struct norma_args *args,
                                     const struct reference_result *result, reference_runner *run);

#endif
