/* The results file: JSON Lines, written record by record, read back to resume or to compare.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RESULTS_RESULTS_FILE_H
#define BENCH_RESULTS_RESULTS_FILE_H

#include "verify/harness/tool/tool.h"

#include <jansson.h>
#include <stdio.h>

/* Reads all complete records of a file, "-" for standard input, into a new array. Sets
 * *complete_bytes, unless NULL, to the end of the last complete line: an interrupted run leaves a
 * part of a line behind. Returns NULL, with *error, if the file cannot be read or is not JSON
 * Lines. */
json_t *bench_results_read(const char *path, long *complete_bytes, struct tool_message *error);

struct bench_results {
    FILE *file;       /* NULL: records are dropped */
    const char *name; /* for messages */
    json_t *done;     /* an object with the keys of measurements that need not be made again */
};

/* Opens a new file, for "-" standard output, for NULL none. An existing file that is not empty is
 * an error. */
bool bench_results_create(struct bench_results *results, const char *path,
                          struct tool_message *error);

/* Opens a file to append to, and cuts an incomplete last line off; a new file if there is none. The
 * machine and the build must be those of the records already there, else it is an error. */
bool bench_results_resume(struct bench_results *results, const char *path, const json_t *machine,
                          struct tool_message *error);

/* Returns whether this measurement is in the resumed file and need not be made again. */
bool bench_results_has(const struct bench_results *results, const char *problem,
                       const char *implementation, int threads, const char *cache);

/* Writes and flushes one record, and releases the reference. */
bool bench_results_write(struct bench_results *results, json_t *record, struct tool_message *error);

bool bench_results_close(struct bench_results *results, struct tool_message *error);

#endif
