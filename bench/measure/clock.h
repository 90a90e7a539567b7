/* The clock, alone in its file so that tests can put one of their own in its place.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_CLOCK_H
#define BENCH_MEASURE_CLOCK_H

/* Returns monotonic time in seconds, by a clock that is never set. */
double bench_now(void);

#endif
