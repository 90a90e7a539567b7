/* Ctrl-C and termination of norma-verify.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_INTERRUPT_H
#define NORMA_VERIFY_INTERRUPT_H

/* From now on SIGINT, SIGTERM and SIGHUP end the worker, if there is one, and no other is started;
 * norma_interrupted tells which came, or 0. */
void norma_interrupt_watch(void);
int norma_interrupted(void);

#endif
