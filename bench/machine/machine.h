/* The machine: what is known about it, its ceilings, and how quiet it was during a run. This header
 * is for other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_MACHINE_H
#define BENCH_MACHINE_MACHINE_H

#include "bench/machine/ceiling.h"
#include "bench/machine/conditions.h"
#include "bench/machine/machine_record.h"
#include "bench/machine/quota.h"
#include "bench/machine/topology_record.h"

/* Runs norma-bench machine; argv[0] is the name of the command. Returns an exit code of tool.h. */
int bench_machine(int argc, char **argv);

#endif
