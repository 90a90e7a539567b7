/* Ctrl-C and termination: the run finishes what it is writing, then ends.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_INTERRUPT_H
#define VERIFY_HARNESS_TOOL_INTERRUPT_H

/* Notes SIGINT, SIGTERM and SIGHUP from now on, here and in what is forked from here. A worker
 * (worker.h) that looks at tool_interrupted may end by itself within the grace; one that did not,
 * as a kernel hangs, is ended then. A second signal ends the program at once. */
void tool_interrupt_watch(unsigned grace_seconds);

/* The number of the signal that came; 0: none. */
int tool_interrupted(void);

#endif
