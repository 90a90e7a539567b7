/* Measuring: contenders timed against each other on the same buffers, counters, statistics,
 * judgements and the traffic of problems. This header is for other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_MEASURE_H
#define BENCH_MEASURE_MEASURE_H

#include "bench/measure/buffers.h"
#include "bench/measure/clock.h"
#include "bench/measure/contender.h"
#include "bench/measure/counters.h"
#include "bench/measure/cpu_binding.h"
#include "bench/measure/heap.h"
#include "bench/measure/judgement.h"
#include "bench/measure/progress.h"
#include "bench/measure/ranks.h"
#include "bench/measure/sampling.h"
#include "bench/measure/statistics.h"
#include "bench/measure/traffic.h"

#endif
