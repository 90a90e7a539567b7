/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/compare/input.h"
#include "bench/compare/same_machine.h"
#include "bench/results/results.h"
#include "verify/harness/tool/tool.h"

#include <stdlib.h>
#include <string.h>

/* The state of reading a file. */
struct reading {
    struct bench_input *input;
    const struct tool_list *different;
    const char *date; /* when the current run began */
    bool finished;    /* the current run has its last record, which says that it was complete */
    size_t record;    /* number of the record that is read, from 1 */
};

enum { KEY_SIZE = 1024 };

static void print_key(char *key, const struct bench_timed_case *item) {
    snprintf(key, KEY_SIZE, "%s %s %d %s", item->problem, item->implementation, item->threads,
             item->cache);
}

static struct bench_timed_case *find(const struct bench_input *input, const char *key) {
    const json_t *place = json_object_get(input->places, key);
    return place ? &input->cases[json_integer_value(place)] : NULL;
}

const struct bench_timed_case *bench_input_find(const struct bench_input *input,
                                                const struct bench_timed_case *item) {
    char key[KEY_SIZE];
    print_key(key, item);
    return find(input, key);
}

static struct bench_timed_case *find_or_add(struct bench_input *input,
                                            const struct bench_timed_case *item) {
    char key[KEY_SIZE];
    print_key(key, item);
    struct bench_timed_case *found = find(input, key);
    if (found) {
        return found;
    }
    json_object_set_new(input->places, key, json_integer((json_int_t)input->count));
    input->cases = tool_grow(input->cases, input->count, sizeof input->cases[0]);
    input->cases[input->count] = *item;
    return &input->cases[input->count++];
}

/* Adds a round, or replaces that of the same run: the last measurement of a run counts. */
static void add_round(const struct reading *reading, struct bench_timed_case *item,
                      const json_t *record, double median) {
    if (item->count == 0 || item->run != reading->input->runs) {
        item->rounds = tool_grow(item->rounds, item->count, sizeof item->rounds[0]);
        item->uncertain = tool_grow(item->uncertain, item->count, sizeof item->uncertain[0]);
        item->dates = tool_grow(item->dates, item->count, sizeof item->dates[0]);
        item->records = tool_grow(item->records, item->count, sizeof item->records[0]);
        item->count++;
    }
    item->rounds[item->count - 1] = median;
    item->uncertain[item->count - 1] =
        json_is_true(json_object_get(json_object_get(record, "time"), "uncertain"));
    item->dates[item->count - 1] = reading->date;
    item->records[item->count - 1] = record;
    item->run = reading->input->runs;
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
                     "%s: record %zu: expected a measurement of schema 1 with problem, operator, "
                     "implementation, threads, cache, status and, where that is ok, a time with "
                     "median and samples above 0",
                     reading->input->name, reading->record);
}

static bool read_measurement(struct reading *reading, json_t *record, struct tool_message *error) {
    struct bench_timed_case item = {0};
    const char *status;
    int schema;
    json_t *median = NULL, *samples = NULL;
    if (json_unpack(record, "{s:i, s:s, s:s, s:s, s:i, s:s, s:s, s?{s:o, s:o}}", "schema", &schema,
                    "problem", &item.problem, "operator", &item.operator_name, "implementation",
                    &item.implementation, "threads", &item.threads, "cache", &item.cache, "status",
                    &status, "time", "median", &median, "samples", &samples) != 0 ||
        schema != 1) {
        return fail_measurement(reading, error);
    }
    if (strcmp(status, "ok") != 0) {
        return true;
    }
    if (!is_time(median) || !are_times(samples)) {
        return fail_measurement(reading, error);
    }
    add_round(reading, find_or_add(reading->input, &item), record, json_number_value(median));
    return true;
}

static void end_run(struct reading *reading) {
    reading->input->unfinished += reading->input->runs > 0 && !reading->finished;
}

static bool read_machine(struct reading *reading, const json_t *record,
                         struct tool_message *error) {
    struct bench_input *input = reading->input;
    end_run(reading);
    reading->finished = false;
    const char *date = json_string_value(json_object_get(record, "date"));
    reading->date = date ? date : "";
    if (input->runs++ == 0) {
        input->machine = record;
        return true;
    }
    return bench_same_program(input->machine, record, input->name, error) &&
           bench_same_conditions(input->machine, record, input->name, "a later run in it",
                                 reading->different, error);
}

static bool read_record(struct reading *reading, json_t *record, struct tool_message *error) {
    const char *type = json_string_value(json_object_get(record, "type"));
    if (strcmp(type, "machine") == 0) {
        return read_machine(reading, record, error);
    }
    if (reading->input->runs == 0) {
        return tool_fail(error,
                         "%s: expected a machine record on its first line: not a file of "
                         "norma-bench run",
                         reading->input->name);
    }
    if (strcmp(type, "conditions") == 0) {
        reading->finished = !json_is_true(json_object_get(record, "interrupted"));
    }
    return strcmp(type, "measurement") != 0 || read_measurement(reading, record, error);
}

static bool read_records(struct reading *reading, struct tool_message *error) {
    size_t i;
    json_t *record;
    json_array_foreach(reading->input->records, i, record) {
        reading->record = i + 1;
        if (!read_record(reading, record, error)) {
            return false;
        }
    }
    end_run(reading);
    return reading->input->count > 0 ||
           tool_fail(error, "%s: holds no times: nothing to compare", reading->input->name);
}

bool bench_input_read(struct bench_input *input, const char *path,
                      const struct tool_list *different, struct tool_message *error) {
    *input = (struct bench_input){
        .name = strcmp(path, "-") == 0 ? "standard input" : path,
        .records = bench_results_read(path, error),
        .places = json_object(),
    };
    struct reading reading = {.input = input, .different = different};
    return input->records && read_records(&reading, error);
}

void bench_input_free(struct bench_input *input) {
    for (size_t i = 0; i < input->count; i++) {
        free(input->cases[i].rounds);
        free(input->cases[i].uncertain);
        free(input->cases[i].dates);
        free(input->cases[i].records);
    }
    free(input->cases);
    json_decref(input->places);
    json_decref(input->records);
    *input = (struct bench_input){0};
}
