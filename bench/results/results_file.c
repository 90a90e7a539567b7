/* The results file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "bench/results/results_file.h"
#include "verify/harness/tool/tool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Numbers have six digits: that is below the error of the clock, and the file is a third as
 * large. */
enum { DUMP_FLAGS = JSON_COMPACT | JSON_REAL_PRECISION(6) };

json_t *bench_results_read(const char *path, long *complete_bytes, struct tool_message *error) {
    const bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "r");
    if (!file) {
        tool_fail(error, "cannot open %s: %s", path, strerror(errno));
        return NULL;
    }
    struct tool_records lines;
    json_t *records = json_array(), *record;
    tool_records_begin(&lines, file, standard ? "standard input" : path);
    while ((record = tool_records_next(&lines, error)) && lines.ended) {
        json_array_append_new(records, record);
    }
    json_decref(record); /* a last one without end of line was not written completely */
    tool_records_end(&lines);
    if (!standard) {
        fclose(file);
    }
    if (lines.failed) {
        json_decref(records);
        return NULL;
    }
    if (complete_bytes) {
        *complete_bytes = lines.complete_bytes;
    }
    return records;
}

bool bench_results_create(struct bench_results *results, const char *path,
                          struct tool_message *error) {
    bool standard = path && strcmp(path, "-") == 0;
    struct stat status;
    *results = (struct bench_results){
        .name = standard ? "standard output" : path,
        .done = json_object(),
    };
    if (!path) {
        return true;
    }
    if (!standard && stat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
        return tool_fail(error,
                         "%s exists and is not empty: --resume continues it; or remove "
                         "it, or name another",
                         path);
    }
    results->file = standard ? stdout : fopen(path, "w");
    return results->file || tool_fail(error, "cannot write %s: %s", path, strerror(errno));
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

/* Notes whether the measurement is done; the last record of a key counts. */
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
        json_object_set_new(done, key, json_true());
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

static bool accept_record(struct bench_results *results, json_t *record, const json_t *machine,
                          struct tool_message *error) {
    const char *type = json_string_value(json_object_get(record, "type"));
    if (strcmp(type, "measurement") == 0) {
        note_measurement(results->done, record);
    }
    if (strcmp(type, "machine") != 0) {
        return true;
    }
    if (!is_same(record, machine, "id")) {
        return tool_fail(error,
                         "%s was measured on another machine (%s, this is %s): write to "
                         "another file",
                         results->name, id_of(record), id_of(machine));
    }
    if (!is_same(record, machine, "build")) {
        return tool_fail(error,
                         "%s was measured with another build (compiler, flags or "
                         "revision): write to another file",
                         results->name);
    }
    return true;
}

/* Returns whether the file is one of norma-bench, or empty. A file that does not begin with a
 * complete machine record is not, and nothing may be cut off from it. */
static bool is_ours(const char *path, const json_t *records) {
    struct stat status;
    const char *type = json_string_value(json_object_get(json_array_get(records, 0), "type"));
    return type ? strcmp(type, "machine") == 0 : stat(path, &status) == 0 && status.st_size == 0;
}

static bool accept_records(struct bench_results *results, const json_t *records,
                           const json_t *machine, struct tool_message *error) {
    size_t i;
    json_t *record;
    if (!is_ours(results->name, records)) {
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

bool bench_results_resume(struct bench_results *results, const char *path, const json_t *machine,
                          struct tool_message *error) {
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) {
        return bench_results_create(results, path, error); /* there is nothing to append to */
    }
    *results = (struct bench_results){.name = path, .done = json_object()};
    long complete;
    json_t *records = bench_results_read(path, &complete, error);
    bool accepted = records && accept_records(results, records, machine, error);
    json_decref(records);
    if (!accepted) {
        return false;
    }
    results->file = fopen(path, "r+");
    if (!results->file || ftruncate(fileno(results->file), complete) != 0 ||
        fseek(results->file, 0, SEEK_END) != 0) {
        return tool_fail(error, "cannot write %s: %s", path, strerror(errno));
    }
    return true;
}

bool bench_results_has(const struct bench_results *results, const char *problem,
                       const char *implementation, int threads, const char *cache) {
    char key[KEY_SIZE];
    print_key(key, sizeof key, problem, implementation, threads, cache);
    return json_object_get(results->done, key) != NULL;
}

static bool fail_write(const struct bench_results *results, struct tool_message *error) {
    return tool_fail(error,
                     "cannot write %s: %s; what was written before is complete, and --resume "
                     "continues it",
                     results->name, strerror(errno));
}

bool bench_results_write(struct bench_results *results, json_t *record,
                         struct tool_message *error) {
    char *text = results->file ? json_dumps(record, DUMP_FLAGS) : NULL;
    json_decref(record);
    if (!results->file) {
        return true;
    }
    if (!text) {
        return tool_fail(error, "out of memory");
    }
    bool written = fputs(text, results->file) >= 0 && fputc('\n', results->file) != EOF &&
                   fflush(results->file) == 0;
    free(text);
    return written || fail_write(results, error);
}

bool bench_results_close(struct bench_results *results, struct tool_message *error) {
    json_decref(results->done);
    if (!results->file) {
        return true;
    }
    bool closed = results->file == stdout ? fflush(stdout) == 0 : fclose(results->file) == 0;
    results->file = NULL;
    results->done = NULL;
    return closed || fail_write(results, error);
}
