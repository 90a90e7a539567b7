/* The guess of a word that was meant (norma_tools.h), in the messages of problems.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_PROBLEM_GUESS_H
#define KERNELS_PROBLEM_GUESS_H

#include <norma_tools.h>

#include "kernels/problem/writer.h"

/* Appends "; did you mean ...?", if there is a guess. */
void norma_append_guess(struct norma_writer *writer, const struct norma_guess *guess);

#endif
