/* Files of results: their records, and reading and writing them. This header is for other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RESULTS_RESULTS_H
#define BENCH_RESULTS_RESULTS_H

#include "bench/results/records.h"
#include "bench/results/results_file.h"

#endif
