/* A file of results as one side of a comparison. Each run that it holds is a round: the samples of
 * one run depend on each other (on where its memory lies, on the load of the moment), and those of
 * different runs do not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_COMPARE_INPUT_H
#define BENCH_COMPARE_INPUT_H

#include "verify/harness/tool/tool.h"

#include <jansson.h>

/* A problem with an implementation and a number of threads. The texts are the records'. */
struct bench_timed_case {
    const char *problem, *operator_name, *implementation, *cache;
    int threads;
    size_t count;           /* number of rounds; at least one */
    double *rounds;         /* the median of each round's samples, in seconds */
    bool *uncertain;        /* other work had a core during nearly all samples of that round */
    const char **dates;     /* when the run of each round began */
    const json_t **records; /* of the rounds */
    size_t run;             /* number of the run with the last round */
};

struct bench_input {
    const char *name; /* for messages */
    json_t *records;
    const json_t *machine; /* record of the first run */
    size_t runs;
    size_t unfinished; /* runs that were interrupted or cut off, whose measurements count as well */
    struct bench_timed_case *cases; /* in the order of the file */
    size_t count;                   /* number of cases; at least one */
    json_t *places;                 /* object: the index in `cases` of each key */
};

/* Reads the file, with path "-" standard input. Returns false, with *error, if it cannot be read,
 * is no file of results or holds no times, or if its runs differ in their revision or in a
 * condition that is not in `different`. */
bool bench_input_read(struct bench_input *input, const char *path,
                      const struct tool_list *different, struct tool_message *error);
void bench_input_free(struct bench_input *input);

/* Returns the same case of another input; NULL if that has none. */
const struct bench_timed_case *bench_input_find(const struct bench_input *input,
                                                const struct bench_timed_case *item);

#endif
