/* Files of results: their records, reading and writing them, and which of them can be compared.
 * This header is for other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RESULTS_RESULTS_H
#define BENCH_RESULTS_RESULTS_H

#include "bench/results/comparable.h"
#include "bench/results/records.h"
#include "bench/results/results_file.h"

#endif
