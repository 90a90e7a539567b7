/* The memory that checking a problem takes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_MEMORY_NEEDED_H
#define VERIFY_CHECKS_MEMORY_NEEDED_H

#include <norma.h>
#include <stdint.h>

/* Returns about how many bytes the checks of a problem take: what the truth is made of, the fenced
 * tensors, and the copies of an implementation that has a layout, or ranks, of its own. */
uint64_t verify_memory_needed(const struct norma_problem *problem);

#endif
