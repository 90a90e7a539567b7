/* Ctrl-C and termination: the run finishes what it is writing, then ends.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_INTERRUPT_H
#define NORMA_BENCH_INTERRUPT_H

/* From now on SIGINT, SIGTERM and SIGHUP are noted, here and in what is forked from here; a worker
 * (worker.h) that does not end by itself soon is ended. A second one ends the program at once. */
void norma_interrupt_watch(void);

/* The number of the signal that came; 0: none. */
int norma_interrupted(void);

#endif
