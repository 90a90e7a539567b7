/* What the processor can do, as norma's dispatch and as libcpuid see it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_FEATURES_H
#define BENCH_MACHINE_FEATURES_H

#include <jansson.h>

/* [{"name", "features", "available"}], fastest first; a new reference. */
json_t *bench_sets_record(void);

/* Adds to a cpu record "libcpuid_features", all that libcpuid sees, and "disagreements", those of
 * which the record's own features say otherwise; nothing where there is no libcpuid. */
void bench_add_libcpuid_features(json_t *cpu);

#endif
