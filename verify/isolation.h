/* All steps of a run, in workers: a kernel that crashes, hangs or exits fails its own case, and the
 * run goes on with a new worker, at the same step but without that kernel.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_ISOLATION_H
#define NORMA_VERIFY_ISOLATION_H

#include "report.h"
#include "run.h"

/* All steps in this process. */
void norma_run_here(const struct norma_verify_options *options, const struct norma_steps *steps,
                    struct norma_report *report);

/* All steps in workers, until the user interrupts. False: there was no memory or no process to be
 * had, which is said on stderr. */
bool norma_run_isolated(const struct norma_verify_options *options, const struct norma_steps *steps,
                        struct norma_report *report);

#endif
