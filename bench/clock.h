/* The clock, alone in its file so that tests can put one of their own in its place.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_CLOCK_H
#define NORMA_BENCH_CLOCK_H

/* Seconds on a clock that nobody sets. */
double norma_now(void);

#endif
