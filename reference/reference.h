/* The truth: each operator straight from its definition, in double precision.
 *
 * This folder shares no algebra with kernels/: statistics are the textbook two passes, nothing is
 * folded, one file per operator in operators/ with the equation at its top.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_REFERENCE_H
#define REFERENCE_REFERENCE_H

#include "reference/interface/interface.h"
#include "reference/peers.h"

/* Computes the truth of args' inputs (args' outputs are not touched, its workspace is not used;
 * what is an output in args and an input in none, like dx, may be NULL). The statistics that a
 * backward pass takes are what they are: its truth is about them, not about those that x has. Runs
 * on OpenMP's threads. NORMA_STATUS_OK or NORMA_STATUS_NO_MEMORY: adain and unit form=layer need a
 * little. */
norma_status reference_run(const struct norma_problem *problem, const struct norma_args *args,
                           const struct reference_reference *result);

/* Each operator straight from its definition, in double precision, rounded once at the end. */
extern const struct reference_implementation reference_implementation_reference;

/* The truth of norma_gate_update [BIN eq. 4]. */
double reference_gate_update(double rho, double drho, double rate, double multiple);

#endif
