/* The modes of norma-verify.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROGRAM_PROGRAM_H
#define VERIFY_PROGRAM_PROGRAM_H

#include <stdio.h>

#include "verify/program/requested.h"
#include "verify/program/run_steps.h"
#include "verify/report/report.h"

/* Runs all steps in this process. */
void verify_run_here(const struct verify_options *options, const struct verify_steps *steps,
                     struct verify_report *report);

/* Runs all steps in workers, until the user interrupts. A kernel that crashes, hangs or exits fails
 * its own case; the run goes on with a new worker, at the same step but without that kernel.
 * Returns false if there is no memory or no process, which it says on standard error. */
bool verify_run_isolated(const struct verify_options *options, const struct verify_steps *steps,
                         struct verify_report *report);

/* --digest: writes the hash of each problem's outputs on all kinds of data but the extremes, as the
 * first implementation yields them, and at last the hash of these hashes; as text, or as objects
 * where the format is jsonl. Where two digests agree, so do all results to the bit, even on
 * different machines. *different is the number of times that an implementation could not do a
 * problem or gave other bits than the first, which is said on standard error. Returns false if
 * there is not enough memory. */
bool verify_digest(const struct verify_options *options, FILE *out, size_t *different);

/* --mutants: runs every mutant, or those that the options name, each in a process of its own, and
 * writes a line for each and a table. Returns the number of mutants that survived and of controls
 * that did not. */
size_t verify_mutants_run(const struct verify_options *options, FILE *out);

/* --mutants=checks: for every check, runs the mutants that expect it without that check, and writes
 * which of them survive. Returns the number of checks without which no mutant survives. */
size_t verify_mutants_run_checks(const struct verify_options *options, FILE *out);

/* --list: writes what can be checked on this machine. */
void verify_list(FILE *out);

#endif
