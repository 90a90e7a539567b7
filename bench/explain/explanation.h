/* The content of norma-bench explain, which is the plan's decisions and the times that were
 * measured, and its two forms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_EXPLAIN_EXPLANATION_H
#define BENCH_EXPLAIN_EXPLANATION_H

#include "bench/explain/explain_options.h"
#include "bench/explain/primitive_times.h"
#include "bench/measure/measure.h"
#include "reference/interface/interface.h"
#include "verify/harness/tool/tool.h"
#include <norma_tools.h>

#include <jansson.h>

struct bench_explanation {
    const struct bench_explain_options *options;
    int threads;        /* number that was requested */
    const char *choice; /* NORMA_SETS; NULL: not set, or --impl was given */
    size_t set_count;   /* number of sets, without the one that is added to watch */
    int64_t l1;         /* bytes of a core's first cache; 0: unknown */
    struct norma_description plan;

    bool measured; /* otherwise nothing below is set */
    const char *ceiling;
    struct bench_estimate ceiling_time, time;
    struct bench_estimate slowdown; /* the time when watched, relative to that when not */
    struct bench_watched watched;
    struct bench_counts counts;
};

/* Times the plan, the same plan watched, and the ceilings. Returns an exit code; if it is not
 * TOOL_EXIT_FINE, a message has said what is wrong. */
int bench_explain_measure(struct bench_explanation *explanation,
                          const struct bench_cpu_binding *places);

/* ---- conclusions (facts.c) ---------------------------------------------------------- */

/* Returns why a set cannot run, such as "left out by NORMA_SETS=portable", which it prints into
 * `text`; NULL if it can. */
const char *bench_explain_absence(const struct bench_explanation *explanation,
                                  const struct norma_set *set, char *text, size_t size);

/* Returns the first level that so many bytes of each thread fit into: "L1", "L2", "L3",
 * "memory". */
const char *bench_explain_level(const struct bench_explanation *explanation, int64_t bytes);

/* Returns the bytes that must move between the threads and the level that holds all tensors: every
 * tensor once, and x, backward with dy, once more where the second reading finds it in no cache. */
int64_t bench_explain_bytes(const struct bench_explanation *explanation);

/* Returns the seconds that the ceiling would take for these bytes. */
double bench_explain_prediction(const struct bench_explanation *explanation);

/* Prints why there are fewer threads than requested; "": there are as many. */
void bench_explain_threads(const struct bench_explanation *explanation, char *text, size_t size);

/* Return seconds of all threads together. The first is the whole; the second lies between
 * primitives (statistics and coefficients, in two-phase and split-channel plans also waiting for
 * other threads); the third lies before a thread's first primitive and after its last (waking and
 * waiting, 0 with one thread). */
double bench_explain_thread_seconds(const struct bench_explanation *explanation);
double bench_explain_coefficients(const struct bench_explanation *explanation);
double bench_explain_waiting(const struct bench_explanation *explanation);

/* Returns the cycles of a thread in a second; 0 where cycles were not counted. */
double bench_explain_cycles(const struct bench_explanation *explanation);

/* Returns "tile", "plane", "chunk" or "rows", which stands for 16 rows. */
const char *bench_explain_unit(enum norma_work_unit unit);

/* Returns "tiled", "tiles of channels", "crossed" or "phased". */
const char *bench_explain_way(const struct bench_explanation *explanation);

/* Returns "planes", "columns" or "rows". */
const char *bench_explain_mode(const struct norma_description *plan);

/* ---- the two forms (text.c, record.c)
 * -------------------------------------------------------------------------- */

void bench_explain_print(const struct bench_explanation *explanation);
/* Returns a new reference. */
json_t *bench_explain_record(const struct bench_explanation *explanation);

#endif
