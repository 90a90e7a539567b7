/* One side of a comparison: a file of results, by what was measured. Each run that it holds is a
 * round: within a run samples depend on each other (its memory, the load of the moment), runs do
 * not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_COMPARE_SIDE_H
#define BENCH_COMPARE_SIDE_H

#include "verify/harness/tool/tool.h"

#include <jansson.h>

/* A problem with an implementation and a number of threads. The texts are the records'. */
struct bench_timed {
    const char *problem, *operator_name, *implementation, *cache;
    int threads;
    size_t count;         /* of rounds; at least one */
    double *rounds;       /* the medians of their samples, in seconds */
    const char **dates;   /* when the run of each began */
    const json_t *record; /* of the last round */
    size_t run;           /* that has it */
};

struct bench_side {
    const char *name; /* for messages */
    json_t *records;
    const json_t *machine; /* of the first run */
    size_t runs;
    size_t unfinished;         /* runs that were interrupted or cut off; what they wrote counts */
    struct bench_timed *timed; /* in the order of the file */
    size_t count;              /* at least one */
    json_t *places;            /* object: where in timed a key is */
};

/* path "-": standard input. False and *error: it cannot be read, is not results or holds no times,
 * or its runs differ in what bench_same_conditions compares or in what was built. */
bool bench_side_read(struct bench_side *side, const char *path, const struct tool_list *different,
                     struct tool_message *error);
void bench_side_free(struct bench_side *side);

/* What was measured as this was on another side; NULL if nothing was. */
const struct bench_timed *bench_side_find(const struct bench_side *side,
                                          const struct bench_timed *timed);

#endif
