/* Reads result files. It is strict about the records that it uses, since a misread figure in a
 * report is worse than no report, and skips types and keys that it does not know.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/read/runs.h"

#include "verify/harness/tool/tool.h"

#include <stdlib.h>
#include <string.h>

static const char *const outcome_names[] = {"ok", "unsupported", "skipped", "failed", NULL};
static const char *const kind_names[] = {"norma", "definition", "peer", "ceiling", NULL};

const char *plot_outcome_name(enum plot_outcome outcome) {
    return outcome_names[outcome];
}

struct reader {
    struct plot_results *results;
    struct plot_place place;
    bool in_run; /* a machine record of this file has been read */
};

/* Finds the run that a record belongs to. Returns false if there is none yet. */
static bool find_run(const struct reader *reader, const char *what, size_t *run) {
    if (!reader->in_run) {
        return plot_fault(&reader->place,
                          "a %s record before any machine record: result files begin with "
                          "the machine record that norma-bench writes",
                          what);
    }
    *run = reader->results->run_count - 1;
    return true;
}

/* ---- measurements -------------------------------------------------------------------------- */

static const struct plot_field fields[] = {
    PLOT_FIELD(struct plot_measurement, "problem", PLOT_FIELD_TEXT, problem),
    PLOT_FIELD(struct plot_measurement, "operator", PLOT_FIELD_TEXT, op),
    PLOT_FIELD(struct plot_measurement, "pass", PLOT_FIELD_TEXT, pass),
    PLOT_FIELD(struct plot_measurement, "layout", PLOT_FIELD_TEXT, layout),
    PLOT_FIELD(struct plot_measurement, "dtype", PLOT_FIELD_TEXT, dtype),
    PLOT_FIELD(struct plot_measurement, "n", PLOT_FIELD_COUNT, n),
    PLOT_FIELD(struct plot_measurement, "c", PLOT_FIELD_COUNT, c),
    PLOT_FIELD(struct plot_measurement, "s", PLOT_FIELD_COUNT, s),
    PLOT_FIELD(struct plot_measurement, "shapes", PLOT_FIELD_TEXT, shapes),
    PLOT_FIELD(struct plot_measurement, "layer", PLOT_FIELD_TEXT, layer),
    PLOT_FIELD(struct plot_measurement, "implementation", PLOT_FIELD_TEXT, implementation),
    PLOT_FIELD(struct plot_measurement, "kernel", PLOT_FIELD_REMARK, kernel),
    PLOT_FIELD(struct plot_measurement, "threads", PLOT_FIELD_THREADS, threads),
    PLOT_FIELD(struct plot_measurement, "cache", PLOT_FIELD_TEXT, cache),
    PLOT_FIELD(struct plot_measurement, "reason", PLOT_FIELD_REMARK, reason),
    PLOT_FIELD(struct plot_measurement, "verified", PLOT_FIELD_REMARK, verified),
    PLOT_FIELD(struct plot_measurement, "share_of_bound", PLOT_FIELD_OPTIONAL, share_of_bound),
};

static const struct plot_field timed_fields[] = {
    PLOT_FIELD(struct plot_measurement, "time.median", PLOT_FIELD_POSITIVE, median),
    PLOT_FIELD(struct plot_measurement, "time.low", PLOT_FIELD_POSITIVE, low),
    PLOT_FIELD(struct plot_measurement, "time.high", PLOT_FIELD_POSITIVE, high),
    PLOT_FIELD(struct plot_measurement, "time.uncertain", PLOT_FIELD_FLAG, uncertain),
    PLOT_FIELD(struct plot_measurement, "bytes", PLOT_FIELD_POSITIVE, bytes),
    PLOT_FIELD(struct plot_measurement, "footprint", PLOT_FIELD_POSITIVE, footprint),
    PLOT_FIELD(struct plot_measurement, "gbps", PLOT_FIELD_POSITIVE, gbps),
    PLOT_FIELD(struct plot_measurement, "ceiling.gbps", PLOT_FIELD_POSITIVE, ceiling_gbps),
    PLOT_FIELD(struct plot_measurement, "share", PLOT_FIELD_POSITIVE, share),
};

/* Returns the place of a text in a list that ends with NULL, which is that of the NULL if it is not
 * listed or not a text. */
static int find_word(const json_t *value, const char *const *words) {
    const char *text = json_string_value(value);
    int i = 0;
    while (words[i] && (!text || strcmp(words[i], text) != 0)) {
        i++;
    }
    return i;
}

static bool take_status(struct reader *reader, const json_t *record, enum plot_outcome *outcome) {
    const json_t *value = json_object_get(record, "status");
    if (!value) {
        return plot_fault(&reader->place, "the measurement lacks \"status\"");
    }
    const int index = find_word(value, outcome_names);
    *outcome = (enum plot_outcome)index;
    return outcome_names[index] ||
           plot_fault(&reader->place,
                      "\"status\" of the measurement is not \"ok\", \"unsupported\", "
                      "\"skipped\" or \"failed\"");
}

/* Takes the kind, which older records lack. */
static bool take_kind(struct reader *reader, const json_t *record, enum plot_kind *kind) {
    const json_t *value = json_object_get(record, "kind");
    const int index = find_word(value, kind_names);
    *kind = (enum plot_kind)index;
    return !value || kind_names[index] ||
           plot_fault(&reader->place, "\"kind\" of the measurement is not \"norma\", \"peer\", "
                                      "\"definition\" or \"ceiling\"");
}

/* Returns "g=32" for "gn:8x64x56x56:g=32,pass=bwd": pass, dtype and layout have fields of their
 * own. */
static char *variant_of(const char *problem) {
    const char *shape = strchr(problem, ':');
    const char *keys = !shape ? NULL : strchr(shape + 1, ':');
    char *variant = tool_text("%s", "");
    while (keys) {
        const char *key = keys + 1;
        size_t length = strcspn(key, ",");
        if (strncmp(key, "pass=", 5) != 0 && strncmp(key, "dtype=", 6) != 0 &&
            strncmp(key, "layout=", 7) != 0) {
            char *longer =
                tool_text("%s%s%.*s", variant, *variant == '\0' ? "" : ",", (int)length, key);
            free(variant);
            variant = longer;
        }
        keys = strchr(key, ',');
    }
    return variant;
}

/* Names the layer of a shape that was given on a command line: "64x56x56" for "bn:8x64x56x56". */
static void name_layer(struct plot_measurement *measurement) {
    const char *shape = strchr(measurement->problem, ':');
    const char *channels = shape ? strchr(shape, 'x') : NULL;
    if (*measurement->layer == '\0' && channels) {
        free(measurement->layer);
        measurement->layer = tool_text("%.*s", (int)strcspn(channels + 1, ":"), channels + 1);
    }
}

static void free_measurement(struct plot_measurement *measurement) {
    plot_free_fields(fields, sizeof fields / sizeof fields[0], measurement);
    free(measurement->variant);
}

/* ---- records ------------------------------------------------------------------------------- */

static bool parse_measurement(struct reader *reader, const json_t *record,
                              struct plot_measurement *measurement) {
    *measurement = (struct plot_measurement){.run = reader->results->run_count - 1};
    bool sound = plot_take_fields(&reader->place, "measurement", record, fields,
                                  sizeof fields / sizeof fields[0], measurement) &&
                 take_kind(reader, record, &measurement->kind) &&
                 take_status(reader, record, &measurement->outcome) &&
                 (measurement->outcome != PLOT_DONE ||
                  plot_take_fields(&reader->place, "measurement", record, timed_fields,
                                   sizeof timed_fields / sizeof timed_fields[0], measurement));
    if (!sound) {
        free_measurement(measurement);
        return false;
    }
    measurement->variant = variant_of(measurement->problem);
    return true;
}

static void append(struct plot_results *results, struct plot_measurement measurement) {
    name_layer(&measurement);
    measurement.order = results->measurement_count;
    results->measurements =
        tool_grow(results->measurements, results->measurement_count, sizeof measurement);
    results->measurements[results->measurement_count++] = measurement;
}

/* Adds a copy of the measurement for one more shape set that the problem stands for. */
static bool take_also(struct reader *reader, const json_t *record, const json_t *origin) {
    struct plot_measurement measurement;
    const char *shapes = json_string_value(json_object_get(origin, "shapes"));
    const char *layer = json_string_value(json_object_get(origin, "layer"));
    if (!shapes || !layer) {
        return plot_fault(&reader->place,
                          "\"also\" of the measurement is not a list of objects with strings "
                          "\"shapes\" and \"layer\"");
    }
    if (!parse_measurement(reader, record, &measurement)) {
        return false;
    }
    free(measurement.shapes);
    free(measurement.layer);
    measurement.shapes = tool_text("%s", shapes);
    measurement.layer = tool_text("%s", layer);
    append(reader->results, measurement);
    return true;
}

/* Adds the copies first and the measurement last, as the last one counts where each problem counts
 * once. */
static bool take_measurement(struct reader *reader, json_t *record) {
    struct plot_measurement measurement;
    const json_t *also = json_object_get(record, "also");
    if (!find_run(reader, "measurement", &measurement.run)) {
        return false;
    }
    for (size_t i = 0; i < json_array_size(also); i++) {
        if (!take_also(reader, record, json_array_get(also, i))) {
            return false;
        }
    }
    if (!parse_measurement(reader, record, &measurement)) {
        return false;
    }
    append(reader->results, measurement);
    return true;
}

static bool take_machine(struct reader *reader, json_t *record) {
    const char *id = json_string_value(json_object_get(record, "id"));
    if (!id || *id == '\0') {
        return plot_fault(&reader->place, "the machine record lacks \"id\", or it is not a string");
    }
    const json_t *build = json_object_get(record, "build");
    const char *revision = json_string_value(json_object_get(build, "revision"));
    struct plot_results *results = reader->results;
    results->runs = tool_grow(results->runs, results->run_count, sizeof *results->runs);
    results->runs[results->run_count++] = (struct plot_run){
        .file = tool_text("%s", reader->place.name),
        .machine = json_incref(record),
        .id = id,
        .revision = revision ? revision : "",
    };
    reader->in_run = true;
    return true;
}

static bool take_conditions(struct reader *reader, json_t *record) {
    size_t index = 0;
    if (!find_run(reader, "conditions", &index)) {
        return false;
    }
    struct plot_run *run = &reader->results->runs[index];
    json_decref(run->conditions);
    run->conditions = json_incref(record);
    return true;
}

/* ---- the machine's ceilings, digests --------------------------------------------------------- */

static const struct plot_field memory_fields[] = {
    PLOT_FIELD(struct plot_speed, "kernel", PLOT_FIELD_TEXT, kernel),
    PLOT_FIELD(struct plot_speed, "threads", PLOT_FIELD_THREADS, threads),
    PLOT_FIELD(struct plot_speed, "footprint", PLOT_FIELD_POSITIVE, footprint),
    PLOT_FIELD(struct plot_speed, "gbps", PLOT_FIELD_POSITIVE, rate),
};

static const struct plot_field compute_fields[] = {
    PLOT_FIELD(struct plot_speed, "kernel", PLOT_FIELD_TEXT, kernel),
    PLOT_FIELD(struct plot_speed, "threads", PLOT_FIELD_THREADS, threads),
    PLOT_FIELD(struct plot_speed, "gflops", PLOT_FIELD_POSITIVE, rate),
};

static const struct plot_field digest_fields[] = {
    PLOT_FIELD(struct plot_digest, "digest", PLOT_FIELD_TEXT, digest),
    PLOT_FIELD(struct plot_digest, "problems", PLOT_FIELD_COUNT, problems),
    PLOT_FIELD(struct plot_digest, "seed", PLOT_FIELD_COUNT, seed),
    PLOT_FIELD(struct plot_digest, "level", PLOT_FIELD_REMARK, level),
};

static bool take_speed(struct reader *reader, const char *what, const json_t *record,
                       const struct plot_field *list, size_t count, struct plot_speeds *speeds) {
    struct plot_speed speed = {0};
    if (!find_run(reader, what, &speed.run)) {
        return false;
    }
    if (!plot_take_fields(&reader->place, what, record, list, count, &speed)) {
        plot_free_fields(list, count, &speed);
        return false;
    }
    speeds->items = tool_grow(speeds->items, speeds->count, sizeof speed);
    speeds->items[speeds->count++] = speed;
    return true;
}

static bool take_memory(struct reader *reader, json_t *record) {
    return take_speed(reader, "memory", record, memory_fields,
                      sizeof memory_fields / sizeof memory_fields[0], &reader->results->memory);
}

static bool take_compute(struct reader *reader, json_t *record) {
    return take_speed(reader, "compute", record, compute_fields,
                      sizeof compute_fields / sizeof compute_fields[0], &reader->results->compute);
}

static bool take_digest(struct reader *reader, json_t *record) {
    size_t count = sizeof digest_fields / sizeof digest_fields[0];
    struct plot_results *results = reader->results;
    struct plot_digest digest = {0};
    if (!find_run(reader, "digest", &digest.run)) {
        return false;
    }
    if (!plot_take_fields(&reader->place, "digest", record, digest_fields, count, &digest)) {
        plot_free_fields(digest_fields, count, &digest);
        return false;
    }
    results->digests = tool_grow(results->digests, results->digest_count, sizeof *results->digests);
    results->digests[results->digest_count++] = digest;
    return true;
}

static void free_speeds(struct plot_speeds *speeds) {
    for (size_t i = 0; i < speeds->count; i++) {
        free(speeds->items[i].kernel);
    }
    free(speeds->items);
}

/* ---- records of any type --------------------------------------------------------------------- */

static bool check_schema(struct reader *reader, const json_t *record) {
    const json_t *schema = json_object_get(record, "schema");
    if (!json_is_integer(schema)) {
        return plot_fault(&reader->place, "the record lacks \"schema\", or it is not an integer");
    }
    if (json_integer_value(schema) > PLOT_RESULTS_SCHEMA) {
        return plot_fault(
            &reader->place,
            "schema %lld is newer than this norma-plot reads (%d): use the norma-plot of "
            "the version that wrote the file",
            (long long)json_integer_value(schema), PLOT_RESULTS_SCHEMA);
    }
    return true;
}

static bool take_record(struct reader *reader, json_t *record) {
    static const struct {
        const char *type;
        bool (*take)(struct reader *, json_t *);
    } kinds[] = {{"machine", take_machine},       {"measurement", take_measurement},
                 {"conditions", take_conditions}, {"memory", take_memory},
                 {"compute", take_compute},       {"digest", take_digest}};

    const char *type = json_string_value(json_object_get(record, "type"));
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(type, kinds[i].type) == 0) {
            return check_schema(reader, record) && kinds[i].take(reader, record);
        }
    }
    return true;
}

/* ---- lines --------------------------------------------------------------------------------- */

static bool take_lines(struct reader *reader, FILE *file) {
    struct tool_records lines;
    struct tool_message message;
    json_t *record;
    bool sound = true;
    tool_records_begin(&lines, file, reader->place.name);
    while (sound && (record = tool_records_next(&lines, &message))) {
        reader->place.line = lines.number;
        sound = take_record(reader, record);
        json_decref(record);
    }
    reader->place.line = lines.number;
    if (lines.cut_off) {
        tool_say("ignoring incomplete last line %zu of %s (interrupted run)", lines.number,
                 lines.name);
    }
    if (lines.failed) {
        snprintf(reader->place.error->message, sizeof reader->place.error->message, "%s",
                 message.text);
    }
    tool_records_end(&lines);
    return sound && !lines.failed;
}

static size_t count_records(const struct plot_results *results) {
    return results->measurement_count + results->memory.count + results->compute.count +
           results->digest_count;
}

bool plot_results_read(struct plot_results *results, FILE *file, const char *name,
                       struct plot_read_error *error) {
    struct reader reader = {.results = results, .place = {.name = name, .error = error}};
    size_t before = count_records(results);
    if (!take_lines(&reader, file)) {
        return false;
    }
    if (count_records(results) == before) {
        snprintf(error->message, sizeof error->message,
                 reader.place.line == 0 ? "%s is empty: norma-bench run -o FILE writes result files"
                                        : "%s holds no measurements: there is nothing to plot",
                 name);
        return false;
    }
    return true;
}

void plot_results_free(struct plot_results *results) {
    for (size_t i = 0; i < results->measurement_count; i++) {
        free_measurement(&results->measurements[i]);
    }
    for (size_t i = 0; i < results->run_count; i++) {
        free(results->runs[i].file);
        json_decref(results->runs[i].machine);
        json_decref(results->runs[i].conditions);
    }
    for (size_t i = 0; i < results->digest_count; i++) {
        plot_free_fields(digest_fields, sizeof digest_fields / sizeof digest_fields[0],
                         &results->digests[i]);
    }
    free_speeds(&results->memory);
    free_speeds(&results->compute);
    free(results->digests);
    free(results->measurements);
    free(results->runs);
    *results = (struct plot_results){0};
}
