/* The timer that time is measured with, and the clock rate of the core.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_CORE_CLOCK_H
#define BENCH_MACHINE_CORE_CLOCK_H

#include <jansson.h>

/* Returns {"source", "timer", "resolution", "step", "cost", "core_hz": {"median", "low", "high"}}
 * as a new reference, in seconds and hertz; core_hz only where it can be measured. Takes some tens
 * of milliseconds. */
json_t *bench_clock_record(void);

#endif
