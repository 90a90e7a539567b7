/* The reader of result files. It is strict about the records that it uses, since a misread figure
 * in a report is worse than no report, and skips record types and keys that it does not know.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "results.h"

#include "fail.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

static const char *const outcome_names[] = {"ok", "unsupported", "skipped", "failed"};

const char *norma_outcome_name(enum norma_outcome outcome) {
    return outcome_names[outcome];
}

/* Where the reader is, for messages. */
struct reader {
    struct norma_results *results;
    const char *name;
    size_t line;
    bool in_run; /* a machine record of this file has been read */
    struct norma_read_error *error;
};

__attribute__((format(printf, 2, 3))) static bool fault(struct reader *reader, const char *format,
                                                        ...) {
    char *message = reader->error->message;
    int length =
        snprintf(message, sizeof reader->error->message, "%s:%zu: ", reader->name, reader->line);
    va_list arguments;
    va_start(arguments, format);
    if (length >= 0 && (size_t)length < sizeof reader->error->message) {
        size_t used = (size_t)length;
        vsnprintf(message + used, sizeof reader->error->message - used, format, arguments);
    }
    va_end(arguments);
    return false;
}

/* ---- measurement fields -------------------------------------------------------------------- */

enum field_type {
    FIELD_TEXT,     /* char *, copied */
    FIELD_REMARK,   /* char *, copied; "" when missing */
    FIELD_COUNT,    /* long long, at least 0 */
    FIELD_THREADS,  /* long long, at least 1 */
    FIELD_POSITIVE, /* double from LEAST to MOST: it will stand on a logarithmic axis */
    FIELD_OPTIONAL  /* double, NAN when missing or null */
};

/* No second, byte or GB/s of a real measurement lies outside, and no axis could show what does. */
#define LEAST 1e-18
#define MOST  1e18

struct field {
    const char *key; /* "time.median": key `median` of the object `time` */
    enum field_type type;
    size_t offset;
};

#define FIELD(key, type, member)                                                                   \
    { key, type, offsetof(struct norma_measurement, member) }

static const struct field fields[] = {
    FIELD("problem", FIELD_TEXT, problem),
    FIELD("operator", FIELD_TEXT, op),
    FIELD("pass", FIELD_TEXT, pass),
    FIELD("layout", FIELD_TEXT, layout),
    FIELD("dtype", FIELD_TEXT, dtype),
    FIELD("n", FIELD_COUNT, n),
    FIELD("c", FIELD_COUNT, c),
    FIELD("s", FIELD_COUNT, s),
    FIELD("shapes", FIELD_TEXT, shapes),
    FIELD("layer", FIELD_TEXT, layer),
    FIELD("implementation", FIELD_TEXT, implementation),
    FIELD("kernel", FIELD_REMARK, kernel),
    FIELD("threads", FIELD_THREADS, threads),
    FIELD("cache", FIELD_TEXT, cache),
    FIELD("reason", FIELD_REMARK, reason),
    FIELD("verified", FIELD_REMARK, verified),
    FIELD("share_of_bound", FIELD_OPTIONAL, share_of_bound),
};

static const struct field timed_fields[] = {
    FIELD("time.median", FIELD_POSITIVE, median),
    FIELD("time.low", FIELD_POSITIVE, low),
    FIELD("time.high", FIELD_POSITIVE, high),
    FIELD("bytes", FIELD_POSITIVE, bytes),
    FIELD("footprint", FIELD_POSITIVE, footprint),
    FIELD("gbps", FIELD_POSITIVE, gbps),
    FIELD("ceiling.gbps", FIELD_POSITIVE, ceiling_gbps),
    FIELD("share", FIELD_POSITIVE, share),
};

static const json_t *lookup(const json_t *record, const char *path) {
    const char *dot = strchr(path, '.');
    if (dot == NULL) {
        return json_object_get(record, path);
    }
    char outer[32];
    snprintf(outer, sizeof outer, "%.*s", (int)(dot - path), path);
    return json_object_get(json_object_get(record, outer), dot + 1);
}

static bool take_text(struct reader *reader, const char *key, const json_t *value, char **text) {
    if (value != NULL && !json_is_string(value)) {
        return fault(reader, "\"%s\" of the measurement is not a string", key);
    }
    *text = norma_text("%s", value == NULL ? "" : json_string_value(value));
    return true;
}

static bool take_integer(struct reader *reader, const char *key, const json_t *value,
                         long long least, long long *number) {
    if (!json_is_integer(value) || json_integer_value(value) < least) {
        return fault(reader, "\"%s\" of the measurement is not an integer of at least %lld", key,
                     least);
    }
    *number = json_integer_value(value);
    return true;
}

static bool take_positive(struct reader *reader, const char *key, const json_t *value,
                          double *number) {
    *number = json_number_value(value);
    if (!json_is_number(value) || !(*number >= LEAST && *number <= MOST)) {
        return fault(reader, "\"%s\" of the measurement is not a number from %g to %g", key, LEAST,
                     MOST);
    }
    return true;
}

static bool take_optional(struct reader *reader, const char *key, const json_t *value,
                          double *number) {
    *number = NAN;
    if (value == NULL || json_is_null(value)) {
        return true;
    }
    if (!json_is_number(value)) {
        return fault(reader, "\"%s\" of the measurement is neither a number nor null", key);
    }
    *number = json_number_value(value);
    return true;
}

static bool take_field(struct reader *reader, const json_t *record, const struct field *field,
                       struct norma_measurement *measurement) {
    const json_t *value = lookup(record, field->key);
    void *member = (char *)measurement + field->offset;
    if (value == NULL && field->type != FIELD_OPTIONAL && field->type != FIELD_REMARK) {
        return fault(reader, "the measurement lacks \"%s\"", field->key);
    }
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_REMARK:
        return take_text(reader, field->key, value, member);
    case FIELD_COUNT:
        return take_integer(reader, field->key, value, 0, member);
    case FIELD_THREADS:
        return take_integer(reader, field->key, value, 1, member);
    case FIELD_POSITIVE:
        return take_positive(reader, field->key, value, member);
    case FIELD_OPTIONAL:
        break;
    }
    return take_optional(reader, field->key, value, member);
}

static bool take_fields(struct reader *reader, const json_t *record, const struct field *list,
                        size_t count, struct norma_measurement *measurement) {
    for (size_t i = 0; i < count; ++i) {
        if (!take_field(reader, record, &list[i], measurement)) {
            return false;
        }
    }
    return true;
}

static bool take_status(struct reader *reader, const json_t *record, enum norma_outcome *outcome) {
    const json_t *value = json_object_get(record, "status");
    if (value == NULL) {
        return fault(reader, "the measurement lacks \"status\"");
    }
    for (size_t i = 0; i < sizeof outcome_names / sizeof outcome_names[0]; ++i) {
        if (json_is_string(value) && strcmp(json_string_value(value), outcome_names[i]) == 0) {
            *outcome = (enum norma_outcome)i;
            return true;
        }
    }
    return fault(reader,
                 "\"status\" of the measurement is not \"ok\", \"unsupported\", \"skipped\" or "
                 "\"failed\"");
}

/* "gn:8x64x56x56:g=32,pass=bwd" -> "g=32": pass, dtype and layout have fields of their own. */
static char *variant_of(const char *problem) {
    const char *shape = strchr(problem, ':');
    const char *keys = shape == NULL ? NULL : strchr(shape + 1, ':');
    char *variant = norma_text("%s", "");
    while (keys != NULL) {
        const char *key = keys + 1;
        size_t length = strcspn(key, ",");
        if (strncmp(key, "pass=", 5) != 0 && strncmp(key, "dtype=", 6) != 0 &&
            strncmp(key, "layout=", 7) != 0) {
            char *longer =
                norma_text("%s%s%.*s", variant, *variant == '\0' ? "" : ",", (int)length, key);
            free(variant);
            variant = longer;
        }
        keys = strchr(key, ',');
    }
    return variant;
}

/* Shapes given on a command line have no layer's name: "64x56x56" of "bn:8x64x56x56" does. */
static void name_layer(struct norma_measurement *measurement) {
    const char *shape = strchr(measurement->problem, ':');
    const char *channels = shape == NULL ? NULL : strchr(shape, 'x');
    if (*measurement->layer == '\0' && channels != NULL) {
        free(measurement->layer);
        measurement->layer = norma_text("%.*s", (int)strcspn(channels + 1, ":"), channels + 1);
    }
}

static void free_measurement(struct norma_measurement *measurement) {
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; ++i) {
        if (fields[i].type == FIELD_TEXT || fields[i].type == FIELD_REMARK) {
            free(*(char **)(void *)((char *)measurement + fields[i].offset));
        }
    }
    free(measurement->variant);
}

/* ---- records ------------------------------------------------------------------------------- */

static bool parse_measurement(struct reader *reader, const json_t *record,
                              struct norma_measurement *measurement) {
    *measurement = (struct norma_measurement){.run = reader->results->run_count - 1};
    bool sound =
        take_fields(reader, record, fields, sizeof fields / sizeof fields[0], measurement) &&
        take_status(reader, record, &measurement->outcome) &&
        (measurement->outcome != NORMA_DONE ||
         take_fields(reader, record, timed_fields, sizeof timed_fields / sizeof timed_fields[0],
                     measurement));
    if (!sound) {
        free_measurement(measurement);
        return false;
    }
    measurement->variant = variant_of(measurement->problem);
    return true;
}

static void append(struct norma_results *results, struct norma_measurement measurement) {
    name_layer(&measurement);
    measurement.order = results->measurement_count;
    results->measurements =
        norma_resize(results->measurements, results->measurement_count + 1, sizeof measurement);
    results->measurements[results->measurement_count++] = measurement;
}

/* A copy of the measurement for one more shape set that the problem stands for. */
static bool take_also(struct reader *reader, const json_t *record, const json_t *origin) {
    struct norma_measurement measurement;
    const char *shapes = json_string_value(json_object_get(origin, "shapes"));
    const char *layer = json_string_value(json_object_get(origin, "layer"));
    if (shapes == NULL || layer == NULL) {
        return fault(reader, "\"also\" of the measurement is not a list of objects with strings "
                             "\"shapes\" and \"layer\"");
    }
    if (!parse_measurement(reader, record, &measurement)) {
        return false;
    }
    free(measurement.shapes);
    free(measurement.layer);
    measurement.shapes = norma_text("%s", shapes);
    measurement.layer = norma_text("%s", layer);
    append(reader->results, measurement);
    return true;
}

/* The measurement itself comes last: it is the one that counts where each may count once. */
static bool take_measurement(struct reader *reader, json_t *record) {
    struct norma_measurement measurement;
    const json_t *also = json_object_get(record, "also");
    if (!reader->in_run) {
        return fault(reader, "a measurement before any machine record: whose is it? Result files "
                             "begin with the machine record that norma-bench writes");
    }
    for (size_t i = 0; i < json_array_size(also); ++i) {
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
    if (id == NULL || *id == '\0') {
        return fault(reader, "the machine record lacks \"id\", or it is not a string");
    }
    const json_t *build = json_object_get(record, "build");
    const char *revision = json_string_value(json_object_get(build, "revision"));
    struct norma_results *results = reader->results;
    results->runs = norma_resize(results->runs, results->run_count + 1, sizeof *results->runs);
    results->runs[results->run_count++] = (struct norma_run){
        .file = norma_text("%s", reader->name),
        .machine = json_incref(record),
        .id = id,
        .revision = revision == NULL ? "" : revision,
    };
    reader->in_run = true;
    return true;
}

static bool take_conditions(struct reader *reader, json_t *record) {
    if (!reader->in_run) {
        return fault(reader, "a conditions record before any machine record");
    }
    struct norma_run *run = &reader->results->runs[reader->results->run_count - 1];
    json_decref(run->conditions);
    run->conditions = json_incref(record);
    return true;
}

static bool check_schema(struct reader *reader, const json_t *record) {
    const json_t *schema = json_object_get(record, "schema");
    if (!json_is_integer(schema)) {
        return fault(reader, "the record lacks \"schema\", or it is not an integer");
    }
    if (json_integer_value(schema) > NORMA_RESULTS_SCHEMA) {
        return fault(reader,
                     "schema %lld is newer than this norma-plot reads (%d): use the norma-plot of "
                     "the version that wrote the file",
                     (long long)json_integer_value(schema), NORMA_RESULTS_SCHEMA);
    }
    return true;
}

static bool take_record(struct reader *reader, json_t *record) {
    static const struct {
        const char *type;
        bool (*take)(struct reader *, json_t *);
    } kinds[] = {{"machine", take_machine},
                 {"measurement", take_measurement},
                 {"conditions", take_conditions}};

    const char *type = json_string_value(json_object_get(record, "type"));
    if (!json_is_object(record) || type == NULL) {
        return fault(reader, "not a record of a result file: a JSON object with a string \"type\" "
                             "was expected");
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        if (strcmp(type, kinds[i].type) == 0) {
            return check_schema(reader, record) && kinds[i].take(reader, record);
        }
    }
    return true;
}

/* ---- lines --------------------------------------------------------------------------------- */

static bool is_blank(const char *text, size_t length) {
    for (size_t i = 0; i < length; ++i) {
        if (!isspace((unsigned char)text[i])) {
            return false;
        }
    }
    return true;
}

/* An interrupted run can leave a record half written, so without its end of line; anything else
 * that is not JSON is a fault, or a report of the wrong file would look like one of a short run. */
static bool is_incomplete_last(const char *text, size_t length) {
    return text[0] == '{' && text[length - 1] != '\n';
}

static bool take_line(struct reader *reader, const char *text, size_t length) {
    json_error_t problem;
    json_t *record = json_loadb(text, length, JSON_REJECT_DUPLICATES, &problem);
    if (record == NULL && is_incomplete_last(text, length)) {
        fprintf(stderr, "norma-plot: ignoring incomplete last line %zu of %s (interrupted run)\n",
                reader->line, reader->name);
        return true;
    }
    if (record == NULL) {
        return fault(reader, "not JSON: %s (column %d)", problem.text, problem.column);
    }
    bool sound = take_record(reader, record);
    json_decref(record);
    return sound;
}

static bool take_lines(struct reader *reader, FILE *file) {
    char *text = NULL;
    size_t room = 0;
    bool sound = true;
    ssize_t length;
    while (sound && (length = getline(&text, &room, file)) > 0) {
        ++reader->line;
        if (!is_blank(text, (size_t)length)) {
            sound = take_line(reader, text, (size_t)length);
        }
    }
    free(text);
    return sound;
}

bool norma_results_read(struct norma_results *results, FILE *file, const char *name,
                        struct norma_read_error *error) {
    struct reader reader = {.results = results, .name = name, .error = error};
    size_t before = results->measurement_count;
    if (!take_lines(&reader, file)) {
        return false;
    }
    if (ferror(file)) {
        snprintf(error->message, sizeof error->message, "cannot read %s: %s", name,
                 strerror(errno));
        return false;
    }
    if (results->measurement_count == before) {
        snprintf(error->message, sizeof error->message,
                 reader.line == 0 ? "%s is empty: norma-bench run -o FILE writes result files"
                                  : "%s holds no measurements: there is nothing to plot",
                 name);
        return false;
    }
    return true;
}

void norma_results_free(struct norma_results *results) {
    for (size_t i = 0; i < results->measurement_count; ++i) {
        free_measurement(&results->measurements[i]);
    }
    for (size_t i = 0; i < results->run_count; ++i) {
        free(results->runs[i].file);
        json_decref(results->runs[i].machine);
        json_decref(results->runs[i].conditions);
    }
    free(results->measurements);
    free(results->runs);
    *results = (struct norma_results){0};
}
