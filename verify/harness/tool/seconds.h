/* The time that passes, for reports and progress. Kernels are timed with a clock of norma-bench.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_SECONDS_H
#define VERIFY_HARNESS_TOOL_SECONDS_H

/* Returns the seconds since some moment, the same one throughout a run, also in its workers. */
double tool_seconds(void);

#endif
