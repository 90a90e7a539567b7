/* The results file: JSON Lines, written record by record, read back to resume or to compare.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_RESULTS_H
#define NORMA_BENCH_RESULTS_H

#include "message.h"

#include <jansson.h>
#include <stdio.h>

/* Reads all complete records of a file, "-" for standard input, into a new array. *complete_bytes
 * (may be NULL) is where the last complete line ends: an interrupted run leaves part of one. NULL
 * and *error where the file cannot be read or is not JSON Lines. */
json_t *norma_results_read(const char *path, long *complete_bytes, struct norma_message *error);

struct norma_results {
    FILE *file;       /* NULL: records are kept nowhere */
    const char *name; /* for messages */
    json_t *done;     /* object: the keys of measurements that need not be made again */
};

/* Opens a new file; path "-": standard output; NULL: none. An existing file that is not empty is an
 * error. */
bool norma_results_create(struct norma_results *results, const char *path,
                          struct norma_message *error);

/* Opens a file to go on with, cutting off a line that is not complete; a new file if there is
 * none. The machine and the build must be those of the records already there. */
bool norma_results_resume(struct norma_results *results, const char *path, const json_t *machine,
                          struct norma_message *error);

/* Is this measurement in the file that is resumed, with nothing left to do? */
bool norma_results_has(const struct norma_results *results, const char *problem,
                       const char *implementation, int threads, const char *cache);

/* Writes and flushes one record, and drops the reference. */
bool norma_results_write(struct norma_results *results, json_t *record,
                         struct norma_message *error);

bool norma_results_close(struct norma_results *results, struct norma_message *error);

#endif
