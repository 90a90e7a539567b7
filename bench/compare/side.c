/* One side of a comparison, read from its file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/compare/side.h"
#include "bench/compare/same_machine.h"
#include "bench/results/results.h"
#include "verify/harness/tool/tool.h"

#include <stdlib.h>
#include <string.h>

/* While a file is read. */
struct reading {
    struct bench_side *side;
    const struct tool_list *different;
    const char *date; /* of the run at hand */
    bool finished;    /* its last record has been read, and says that it was not interrupted */
    size_t line;
};

enum { KEY_SIZE = 1024 };

static void print_key(char *key, const struct bench_timed *timed) {
    snprintf(key, KEY_SIZE, "%s %s %d %s", timed->problem, timed->implementation, timed->threads,
             timed->cache);
}

static struct bench_timed *find(const struct bench_side *side, const char *key) {
    const json_t *place = json_object_get(side->places, key);
    return place ? &side->timed[json_integer_value(place)] : NULL;
}

const struct bench_timed *bench_side_find(const struct bench_side *side,
                                          const struct bench_timed *timed) {
    char key[KEY_SIZE];
    print_key(key, timed);
    return find(side, key);
}

static struct bench_timed *find_or_add(struct bench_side *side, const struct bench_timed *timed) {
    char key[KEY_SIZE];
    print_key(key, timed);
    struct bench_timed *found = find(side, key);
    if (found) {
        return found;
    }
    json_object_set_new(side->places, key, json_integer((json_int_t)side->count));
    side->timed = tool_grow(side->timed, side->count, sizeof side->timed[0]);
    side->timed[side->count] = *timed;
    return &side->timed[side->count++];
}

/* In one run the last measurement counts. */
static void add_round(const struct reading *reading, struct bench_timed *timed,
                      const json_t *record, double median) {
    if (timed->count == 0 || timed->run != reading->side->runs) {
        timed->rounds = tool_grow(timed->rounds, timed->count, sizeof timed->rounds[0]);
        timed->dates = tool_grow(timed->dates, timed->count, sizeof timed->dates[0]);
        timed->count++;
    }
    timed->rounds[timed->count - 1] = median;
    timed->dates[timed->count - 1] = reading->date;
    timed->record = record;
    timed->run = reading->side->runs;
}

static bool is_time(const json_t *value) {
    return json_is_number(value) && json_number_value(value) > 0;
}

static bool are_times(const json_t *samples) {
    size_t i;
    json_t *sample;
    json_array_foreach(samples, i, sample) {
        if (!is_time(sample)) {
            return false;
        }
    }
    return json_array_size(samples) > 0;
}

static bool fail_measurement(const struct reading *reading, struct tool_message *error) {
    return tool_fail(error,
                     "%s:%zu: expected a measurement of schema 1 with problem, operator, "
                     "implementation, threads, cache, status and, where that is ok, a time with "
                     "median and samples above 0",
                     reading->side->name, reading->line);
}

static bool read_measurement(struct reading *reading, json_t *record, struct tool_message *error) {
    struct bench_timed timed = {0};
    const char *status;
    int schema;
    json_t *median = NULL, *samples = NULL;
    if (json_unpack(record, "{s:i, s:s, s:s, s:s, s:i, s:s, s:s, s?{s:o, s:o}}", "schema", &schema,
                    "problem", &timed.problem, "operator", &timed.operator_name, "implementation",
                    &timed.implementation, "threads", &timed.threads, "cache", &timed.cache,
                    "status", &status, "time", "median", &median, "samples", &samples) != 0 ||
        schema != 1) {
        return fail_measurement(reading, error);
    }
    if (strcmp(status, "ok") != 0) {
        return true;
    }
    if (!is_time(median) || !are_times(samples)) {
        return fail_measurement(reading, error);
    }
    add_round(reading, find_or_add(reading->side, &timed), record, json_number_value(median));
    return true;
}

static void end_run(struct reading *reading) {
    reading->side->unfinished += reading->side->runs > 0 && !reading->finished;
}

static bool read_machine(struct reading *reading, const json_t *record,
                         struct tool_message *error) {
    struct bench_side *side = reading->side;
    end_run(reading);
    reading->finished = false;
    const char *date = json_string_value(json_object_get(record, "date"));
    reading->date = date ? date : "";
    if (side->runs++ == 0) {
        side->machine = record;
        return true;
    }
    return bench_same_program(side->machine, record, side->name, error) &&
           bench_same_conditions(side->machine, record, side->name, "a later run in it",
                                 reading->different, error);
}

static bool read_record(struct reading *reading, json_t *record, struct tool_message *error) {
    const char *type = json_string_value(json_object_get(record, "type"));
    if (strcmp(type, "machine") == 0) {
        return read_machine(reading, record, error);
    }
    if (reading->side->runs == 0) {
        return tool_fail(error,
                         "%s: expected a machine record on its first line: not a file of "
                         "norma-bench run",
                         reading->side->name);
    }
    if (strcmp(type, "conditions") == 0) {
        reading->finished = !json_is_true(json_object_get(record, "interrupted"));
    }
    return strcmp(type, "measurement") != 0 || read_measurement(reading, record, error);
}

static bool read_records(struct reading *reading, struct tool_message *error) {
    size_t i;
    json_t *record;
    json_array_foreach(reading->side->records, i, record) {
        reading->line = i + 1;
        if (!read_record(reading, record, error)) {
            return false;
        }
    }
    end_run(reading);
    return reading->side->count > 0 ||
           tool_fail(error, "%s: holds no times: nothing to compare", reading->side->name);
}

bool bench_side_read(struct bench_side *side, const char *path, const struct tool_list *different,
                     struct tool_message *error) {
    *side = (struct bench_side){
        .name = strcmp(path, "-") == 0 ? "standard input" : path,
        .records = bench_results_read(path, NULL, error),
        .places = json_object(),
    };
    struct reading reading = {.side = side, .different = different};
    return side->records && read_records(&reading, error);
}

void bench_side_free(struct bench_side *side) {
    for (size_t i = 0; i < side->count; i++) {
        free(side->timed[i].rounds);
        free(side->timed[i].dates);
    }
    free(side->timed);
    json_decref(side->places);
    json_decref(side->records);
    *side = (struct bench_side){0};
}
