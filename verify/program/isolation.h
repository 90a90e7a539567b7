/* All steps of a run, in workers: a kernel that crashes, hangs or exits fails its own case, and the
 * run goes on with a new worker, at the same step but without that kernel.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROGRAM_ISOLATION_H
#define VERIFY_PROGRAM_ISOLATION_H

#include "verify/program/verify_run.h"
#include "verify/report/report.h"

/* All steps in this process. */
void verify_run_here(const struct verify_options *options, const struct verify_steps *steps,
                     struct verify_report *report);

/* All steps in workers, until the user interrupts. False: there was no memory or no process to be
 * had, which is said on stderr. */
bool verify_run_isolated(const struct verify_options *options, const struct verify_steps *steps,
                         struct verify_report *report);

#endif
