/* Ctrl-C and termination (SIGINT, SIGTERM and SIGHUP). A program notes the first one, finishes what
 * it is writing, and ends. Signals that the caller has ignored, as nohup does, stay ignored.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_INTERRUPT_H
#define VERIFY_HARNESS_TOOL_INTERRUPT_H

/* Notes signals from now on, in this process and in those forked from it; system calls are
 * restarted. A worker (worker.h) that looks at tool_interrupted may end by itself within the grace;
 * one that did not, because a kernel hangs, is killed then. A second signal ends the program at
 * once. */
void tool_interrupt_watch(unsigned grace_seconds);

/* Seconds of grace for workers that look at tool_interrupted between two measurements. */
enum { TOOL_GRACE = 2 };

/* Notes signals from now on, however many come; system calls fail with EINTR. For programs that
 * clean up before they end. */
void tool_interrupt_note(void);

/* Returns the number of the signal that came; 0: none. */
int tool_interrupted(void);

#endif
