/* What norma-bench explain tells: the plan's decisions and what was measured of it, and the texts
 * of both.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_EXPLAIN_EXPLANATION_H
#define BENCH_EXPLAIN_EXPLANATION_H

#include "bench/explain/explain_options.h"
#include "bench/explain/watch.h"
#include "bench/measure/measure.h"
#include "reference/interface/interface.h"
#include "verify/harness/tool/tool.h"
#include <norma_tools.h>

#include <jansson.h>

struct bench_explanation {
    const struct bench_explain_options *options;
    int threads;        /* that were asked for */
    const char *choice; /* NORMA_SETS; NULL: not set, or --impl is there */
    size_t set_count;   /* sets of the registry, before one was added that watches */
    int64_t l1;         /* bytes of a core's first cache; 0: not known */
    struct norma_description plan;

    bool measured; /* else nothing below */
    const char *ceiling;
    struct bench_estimate ceiling_time, time;
    struct bench_estimate watching; /* the time when watched, relative to that when not */
    struct bench_watched watched;
    struct bench_counts counts;
};

/* Times the plan, the same watched, and the ceilings. An exit code: what is wrong has been said. */
int bench_explain_measure(struct bench_explanation *explanation,
                          const struct bench_cpu_binding *places);

/* ---- what follows from the figures ---------------------------------------------------------- */

/* Why a set does not run: "this machine lacks neon", "left out by NORMA_SETS"; NULL: it could. */
const char *bench_explain_absence(const struct bench_explanation *explanation,
                                  const struct norma_set *set, char *text, size_t size);

/* Where so many bytes of each thread stay: "L1", "L2", "L3", "memory". */
const char *bench_explain_level(const struct bench_explanation *explanation, int64_t bytes);

/* The bytes that go through memory or the cache that holds all of it: every tensor once, and x,
 * backward with dy, again where the second reading finds it in no cache. */
int64_t bench_explain_bytes(const struct bench_explanation *explanation);

/* Seconds that the ceiling takes for these bytes. */
double bench_explain_prediction(const struct bench_explanation *explanation);

/* Why there are fewer threads than were asked for; "": there are not. */
void bench_explain_threads(const struct bench_explanation *explanation, char *text, size_t size);

/* Seconds of all threads together, and what of them no primitive took: between primitives,
 * statistics and coefficients, phased and crossed also waiting for each other; and waking and
 * waiting before and after. With one thread the latter is 0. */
double bench_explain_thread_seconds(const struct bench_explanation *explanation);
double bench_explain_coefficients(const struct bench_explanation *explanation);
double bench_explain_waiting(const struct bench_explanation *explanation);

/* Cycles of a second of a thread; 0 where cycles were not counted. */
double bench_explain_cycles(const struct bench_explanation *explanation);

/* "tile", "plane", "chunk", "rows", these 16 at a time. */
const char *bench_explain_unit(enum norma_work_unit unit);

/* "tiled", "tiles of channels", "crossed", "phased". */
const char *bench_explain_way(const struct bench_explanation *explanation);

/* "planes", "columns", "rows". */
const char *bench_explain_mode(const struct norma_description *plan);

/* ---- the two forms -------------------------------------------------------------------------- */

void bench_explain_print(const struct bench_explanation *explanation);
/* A new reference. */
json_t *bench_explain_record(const struct bench_explanation *explanation);

#endif
