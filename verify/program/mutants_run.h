/* norma-verify --mutants: does the verifier notice?
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROGRAM_MUTANTS_RUN_H
#define VERIFY_PROGRAM_MUTANTS_RUN_H

#include <stdio.h>

#include "verify/program/verify_options.h"

/* Runs every mutant, or those that the options name, each in a process of its own, and writes a
 * line for each and a table. Returns how many survived, or, of a control, did not. */
size_t verify_mutants_run(const struct verify_options *options, FILE *out);

/* Runs for every check the mutants that expect it, without it, and writes which survive. Returns
 * the number of checks without which nothing would. */
size_t verify_mutants_run_checks(const struct verify_options *options, FILE *out);

#endif
