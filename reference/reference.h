/* The reference: each operator straight from its definition, in double precision.
 *
 * This folder shares no algebra with kernels/. Statistics are the textbook two passes and nothing
 * is folded; each operator is one file in definitions/ with the equation at its top.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_REFERENCE_H
#define REFERENCE_REFERENCE_H

#include "reference/interface/interface.h"
#include "reference/peers.h"

/* Computes the results for the inputs in args; its workspace and the pointers to mere outputs are
 * not used. Arrays of results that the problem does not have must be NULL. A backward pass computes
 * the gradient of the function of x, with the statistics that x and the styles have; those that it
 * is given are not used unless they are not finite, because rounding them to float has cost them
 * digits (definitions/given_statistics.h). Statistics that are constants are taken as given. Runs
 * on OpenMP's threads. Returns NORMA_STATUS_OK, or NORMA_STATUS_NO_MEMORY if there is none for
 * copies and scratch arrays. */
norma_status reference_run(const struct norma_problem *problem, const struct norma_args *args,
                           const struct reference_result *result);

/* The reference as an implementation: its results, rounded once at the end. */
extern const struct reference_implementation reference_implementation_reference;

/* Returns the result of norma_gate_update [BIN eq. 4], unrounded. */
double reference_gate_update(double rho, double drho, double rate, double multiple);

#endif
