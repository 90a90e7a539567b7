/* How much of a core's time a program gets that wants all of it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_NOISE_H
#define BENCH_MACHINE_NOISE_H

#include <jansson.h>

/* Looks at the clock without a pause for so many seconds. {"seconds", "worst_gap", "gaps",
 * "lost_share", "steal_share", "involuntary_switches"}: a gap is more than 10 us between two looks,
 * lost_share the part of the time that all gaps took. Less where it was interrupted. A new
 * reference. */
json_t *bench_noise_record(double seconds);

#endif
