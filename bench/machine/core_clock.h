/* What time is measured with, and how fast the core's own clock is.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_CORE_CLOCK_H
#define BENCH_MACHINE_CORE_CLOCK_H

#include <jansson.h>

/* {"source", "timer", "resolution", "step", "cost", "core_hz": {"median", "low", "high"}}, in
 * seconds and hertz; core_hz only where it can be measured. A new reference; takes some tens of
 * milliseconds. */
json_t *bench_clock_record(void);

#endif
