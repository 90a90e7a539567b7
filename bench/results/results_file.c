/* The results file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "bench/results/results_file.h"
#include "bench/results/comparable.h"
#include "bench/results/sole_writer.h"
#include "verify/harness/tool/tool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Numbers have six digits: that is below the error of the clock, and the file is a third as
 * large. */
enum { DUMP_FLAGS = JSON_COMPACT | JSON_REAL_PRECISION(6) };

/* Reads all complete records of an opened file, which it closes; NULL: it could not be opened. */
static json_t *read_all(FILE *file, const char *path, long *complete_bytes,
                        struct tool_message *error) {
    if (!file) {
        tool_fail(error, "cannot open %s: %s", path, strerror(errno));
        return NULL;
    }
    struct tool_records lines;
    json_t *records = json_array(), *record;
    tool_records_begin(&lines, file, file == stdin ? "standard input" : path);
    while ((record = tool_records_next(&lines, error)) && lines.ended) {
        json_array_append_new(records, record);
    }
    json_decref(record); /* a last one without end of line was not written completely */
    tool_records_end(&lines);
    if (file != stdin) {
        fclose(file);
    }
    if (lines.failed) {
        json_decref(records);
        return NULL;
    }
    *complete_bytes = lines.complete_bytes;
    return records;
}

json_t *bench_results_read(const char *path, struct tool_message *error) {
    long complete_bytes;
    return read_all(tool_input_open(path), path, &complete_bytes, error);
}

static int fail_not_empty(const char *path, struct tool_message *error) {
    tool_fail(error,
              "%s exists and is not empty: --resume continues it; or remove it, or name another",
              path);
    return -1;
}

static bool has_content(int file) {
    struct stat status;
    return fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
}

/* Returns the descriptor of a file that is new or empty; -1 on failure. */
static int open_new(const char *path, struct tool_message *error) {
    const int file = bench_open_as_sole_writer(path, error);
    if (file >= 0 && has_content(file)) {
        close(file);
        return fail_not_empty(path, error);
    }
    return file;
}

/* Begins with the standard stream that the path means, or with no file yet. */
static void begin(struct bench_results *results, const char *path) {
    const int stream = path ? tool_output_stream(path) : -1;
    *results = (struct bench_results){
        .file = stream,
        .lasting = path && stream < 0,
        .name = stream == STDOUT_FILENO ? "standard output" : path,
        .done = json_object(),
    };
}

bool bench_results_create(struct bench_results *results, const char *path,
                          struct tool_message *error) {
    begin(results, path);
    if (path && !tool_output_check_append(path, error)) {
        return false;
    }
    if (results->lasting) {
        results->file = open_new(path, error);
    }
    return results->file >= 0 || !path;
}

static void print_key(char *key, size_t size, const char *problem, const char *implementation,
                      int threads, const char *cache) {
    snprintf(key, size, "%s %s %d %s", problem, implementation, threads, cache);
}

enum { KEY_SIZE = 1024 };

/* Returns whether a measurement need not be made again. Skipped and failed ones must be: what
 * prevented them may be gone, and a resumed run must not succeed where the run before it failed. */
static bool is_done(const char *status) {
    return strcmp(status, "ok") == 0 || strcmp(status, "unsupported") == 0;
}

/* Notes whether the measurement is done, and was made; the last record of a key counts. */
static void note_measurement(json_t *done, json_t *record) {
    const char *problem, *implementation, *cache, *status;
    int threads;
    if (json_unpack(record, "{s:s, s:s, s:i, s:s, s:s}", "problem", &problem, "implementation",
                    &implementation, "threads", &threads, "cache", &cache, "status",
                    &status) != 0) {
        return;
    }
    char key[KEY_SIZE];
    print_key(key, sizeof key, problem, implementation, threads, cache);
    if (is_done(status)) {
        json_object_set_new(done, key, json_boolean(strcmp(status, "ok") == 0));
    } else {
        json_object_del(done, key);
    }
}

static bool is_same(const json_t *a, const json_t *b, const char *member) {
    return json_equal(json_object_get(a, member), json_object_get(b, member));
}

static const char *id_of(const json_t *machine) {
    const char *id = json_string_value(json_object_get(machine, "id"));
    return id ? id : "without an id";
}

/* Checks whether a run on `machine` may go on in a file that has a run on `record`. */
static bool accept_machine(const struct bench_results *results, const json_t *record,
                           const json_t *machine, struct tool_message *error) {
    struct bench_difference found;
    if (!is_same(record, machine, "id")) {
        return tool_fail(error,
                         "%s was measured on another machine (%s, this is %s): write to "
                         "another file",
                         results->name, id_of(record), id_of(machine));
    }
    if (!is_same(record, machine, "build") || bench_find_other_program(record, machine, &found)) {
        return tool_fail(error,
                         "%s was measured with another build (compiler, flags, version or "
                         "revision): write to another file",
                         results->name);
    }
    return !bench_find_difference(record, machine, NULL, &found) ||
           tool_fail(error,
                     "%s was measured with other %s (%s: %s): write to another file, or measure in "
                     "the same way",
                     results->name, found.condition, found.member, found.both);
}

static bool accept_record(struct bench_results *results, json_t *record, const json_t *machine,
                          struct tool_message *error) {
    const char *type = json_string_value(json_object_get(record, "type"));
    if (strcmp(type, "measurement") == 0) {
        note_measurement(results->done, record);
    }
    return strcmp(type, "machine") != 0 || accept_machine(results, record, machine, error);
}

/* Returns whether the file is one of norma-bench. A file that does not begin with a complete
 * machine record is not, and nothing may be cut off from it. */
static bool is_ours(const json_t *records) {
    const char *type = json_string_value(json_object_get(json_array_get(records, 0), "type"));
    return type && strcmp(type, "machine") == 0;
}

static bool accept_records(struct bench_results *results, const json_t *records,
                           const json_t *machine, struct tool_message *error) {
    size_t i;
    json_t *record;
    if (!is_ours(records)) {
        return tool_fail(error,
                         "%s: expected a machine record on its first line: not a file of "
                         "norma-bench run; write to another file",
                         results->name);
    }
    json_array_foreach(records, i, record) {
        if (!accept_record(results, record, machine, error)) {
            return false;
        }
    }
    return true;
}

/* Takes over the records that are in the opened file, and cuts an incomplete last line off. */
static bool continue_file(struct bench_results *results, const json_t *machine,
                          struct tool_message *error) {
    long complete;
    json_t *records = read_all(fopen(results->name, "r"), results->name, &complete, error);
    const bool accepted = records && accept_records(results, records, machine, error);
    json_decref(records);
    return accepted && (ftruncate(results->file, complete) == 0 ||
                        tool_fail(error, "cannot write %s: %s", results->name, strerror(errno)));
}

bool bench_results_resume(struct bench_results *results, const char *path, const json_t *machine,
                          struct tool_message *error) {
    begin(results, path);
    if (!tool_output_check_append(path, error)) {
        return false;
    }
    if (!results->lasting) {
        return true;
    }
    results->file = bench_open_as_sole_writer(path, error);
    return results->file >= 0 &&
           (!has_content(results->file) || continue_file(results, machine, error));
}

/* Returns whether the measurement was made, as JSON; NULL if it is not done. */
static const json_t *find_done(const struct bench_results *results, const char *problem,
                               const char *implementation, int threads, const char *cache) {
    char key[KEY_SIZE];
    print_key(key, sizeof key, problem, implementation, threads, cache);
    return json_object_get(results->done, key);
}

bool bench_results_timed(const struct bench_results *results, const char *problem,
                         const char *implementation, int threads, const char *cache) {
    return json_is_true(find_done(results, problem, implementation, threads, cache));
}

bool bench_results_has(const struct bench_results *results, const char *problem,
                       const char *implementation, int threads, const char *cache) {
    return find_done(results, problem, implementation, threads, cache) != NULL;
}

static bool fail_write(const struct bench_results *results, struct tool_message *error) {
    return tool_fail(error, "cannot write %s: %s%s%s", results->name, strerror(errno),
                     results->lasting ? "; what was written before is complete" : "",
                     results->lasting && results->resumable ? ", and --resume continues it" : "");
}

static bool write_all(int file, const char *text, size_t size) {
    while (size > 0) {
        const ssize_t written = write(file, text, size);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        text += written > 0 ? written : 0;
        size -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

static bool was_removed(const struct bench_results *results) {
    struct stat status;
    return results->lasting && fstat(results->file, &status) == 0 && status.st_nlink == 0;
}

/* Returns the size of a regular file; 0 for all else. */
static off_t size_of(int file) {
    struct stat status;
    return fstat(file, &status) == 0 && S_ISREG(status.st_mode) ? status.st_size : 0;
}

/* Cuts off what was written of a record. Only a file of which this is the sole writer: a shell's
 * may have been appended to by others. */
static void cut_off(const struct bench_results *results, off_t size) {
    if (results->lasting && size_of(results->file) > size && ftruncate(results->file, size) != 0) {
        tool_say("%s: the end of its last line could not be cut off: %s", results->name,
                 strerror(errno));
    }
}

/* Returns the record as a line, which the caller frees. */
static char *line_of(const json_t *record) {
    char *text = json_dumps(record, DUMP_FLAGS);
    char *line = text ? tool_text("%s\n", text) : NULL;
    free(text);
    return line;
}

bool bench_results_write(struct bench_results *results, json_t *record,
                         struct tool_message *error) {
    char *line = results->file >= 0 ? line_of(record) : NULL;
    json_decref(record);
    if (results->file < 0) {
        return true;
    }
    if (!line) {
        return tool_fail(error, "out of memory");
    }
    if (size_of(results->file) < results->size) {
        free(line);
        return tool_fail(error, "%s was emptied or cut off by another process while it was written",
                         results->name);
    }
    const off_t before = size_of(results->file);
    const bool written = write_all(results->file, line, strlen(line));
    if (!written) {
        fail_write(results, error);
        cut_off(results, before);
    }
    free(line);
    results->size = size_of(results->file);
    if (written && was_removed(results)) {
        return tool_fail(error, "%s was removed while it was written", results->name);
    }
    return written;
}

bool bench_results_close(struct bench_results *results, struct tool_message *error) {
    const bool closed = !results->lasting || results->file < 0 || close(results->file) == 0;
    json_decref(results->done);
    results->done = NULL;
    results->file = -1;
    return closed || fail_write(results, error);
}
