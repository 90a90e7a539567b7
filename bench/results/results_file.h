/* The results file: JSON Lines, written record by record, read back to resume or to compare. Each
 * record is one call of write, so that no end of the program leaves more than one incomplete line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RESULTS_RESULTS_FILE_H
#define BENCH_RESULTS_RESULTS_FILE_H

#include "verify/harness/tool/tool.h"

#include <jansson.h>
#include <sys/types.h>

/* Reads all complete records of a file, "-" for standard input, into a new array, and notes that
 * the file is an input. An interrupted run leaves a part of a line behind, which is left out.
 * Returns NULL, with *error, if the file cannot be read or is not JSON Lines. */
json_t *bench_results_read(const char *path, struct tool_message *error);

struct bench_results {
    int file;         /* a descriptor; below 0: records are dropped */
    bool lasting;     /* the file has a name, and stays when the run ends */
    bool resumable;   /* the command that writes it has --resume, which a message may name; the
                         command sets this once the file is open */
    const char *name; /* for messages */
    off_t size;       /* of a regular file when it was last written; 0 before that */
    json_t *done;     /* an object with the keys of measurements that need not be made again */
};

/* Opens a new file, for NULL none. A standard stream, by the name "-" or any other, is written
 * where it stands. It is an error if the file is not empty, if it is an input
 * (tool_output_check_append), or if another process writes it (sole_writer.h). */
bool bench_results_create(struct bench_results *results, const char *path,
                          struct tool_message *error);

/* Opens a file to append to, and cuts an incomplete last line off; a new file if there is none. An
 * input is refused, and standard streams are written, as by bench_results_create.
 *
 * The runs in one file must be comparable: of one machine, system, build with its libraries,
 * profile and settings (comparable.h), else it is an error. Otherwise the measurements that were
 * made before would stand for those that this run asks for, as --quick ones for --full ones, and
 * norma-bench compare would refuse the file in the end. Problems, implementations and numbers of
 * threads may differ, since they are in the key of a measurement; the seed may, since times do not
 * depend on the data's values, and each machine record names its own; so may limits of memory and
 * time, counters and the form of the output, which change no time. */
bool bench_results_resume(struct bench_results *results, const char *path, const json_t *machine,
                          struct tool_message *error);

/* Returns whether this measurement is in the resumed file and need not be made again. */
bool bench_results_has(const struct bench_results *results, const char *problem,
                       const char *implementation, int threads, const char *cache);

/* Returns whether the resumed file has a time for it, and not only that it is not supported. */
bool bench_results_timed(const struct bench_results *results, const char *problem,
                         const char *implementation, int threads, const char *cache);

/* Writes one record, and releases the reference. If that fails, as on a full disk, the part of the
 * record that was written is cut off, so that even a file whose first record failed can be resumed.
 * It is an error, too, if the file was removed, as what is written into it would be lost, or is
 * shorter than it was, as what was written is. */
bool bench_results_write(struct bench_results *results, json_t *record, struct tool_message *error);

bool bench_results_close(struct bench_results *results, struct tool_message *error);

#endif
