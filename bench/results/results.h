/* The interface of this folder to all others.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RESULTS_RESULTS_H
#define BENCH_RESULTS_RESULTS_H

#include "bench/results/records.h"
#include "bench/results/results_file.h"

#endif
