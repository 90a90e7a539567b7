/* SPDX-License-Identifier: Apache-2.0 */
#include "plots/read/fields.h"

#include "verify/harness/tool/tool.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

bool plot_fault(const struct plot_place *place, const char *format, ...) {
    char *message = place->error->message;
    int length =
        snprintf(message, sizeof place->error->message, "%s:%zu: ", place->name, place->line);
    va_list arguments;
    va_start(arguments, format);
    if (length >= 0 && (size_t)length < sizeof place->error->message) {
        size_t used = (size_t)length;
        vsnprintf(message + used, sizeof place->error->message - used, format, arguments);
    }
    va_end(arguments);
    return false;
}

/* The range of seconds, bytes and GB/s. No real measurement lies outside, and no axis could show
 * one. */
#define LEAST 1e-18
#define MOST  1e18

/* A key of a record, for messages. */
struct entry {
    const struct plot_place *place;
    const char *what, *key;
    const json_t *value;
};

static const json_t *lookup(const json_t *record, const char *path) {
    const char *dot = strchr(path, '.');
    if (!dot) {
        return json_object_get(record, path);
    }
    char outer[32];
    snprintf(outer, sizeof outer, "%.*s", (int)(dot - path), path);
    return json_object_get(json_object_get(record, outer), dot + 1);
}

static bool take_text(const struct entry *entry, char **text) {
    if (entry->value && !json_is_string(entry->value)) {
        return plot_fault(entry->place, "\"%s\" of the %s is not a string", entry->key,
                          entry->what);
    }
    *text = tool_text("%s", !entry->value ? "" : json_string_value(entry->value));
    return true;
}

static bool take_integer(const struct entry *entry, long long least, long long *number) {
    if (!json_is_integer(entry->value) || json_integer_value(entry->value) < least) {
        return plot_fault(entry->place, "\"%s\" of the %s is not an integer of at least %lld",
                          entry->key, entry->what, least);
    }
    *number = json_integer_value(entry->value);
    return true;
}

static bool take_positive(const struct entry *entry, double *number) {
    *number = json_number_value(entry->value);
    if (!json_is_number(entry->value) || !(*number >= LEAST && *number <= MOST)) {
        return plot_fault(entry->place, "\"%s\" of the %s is not a number from %g to %g",
                          entry->key, entry->what, LEAST, MOST);
    }
    return true;
}

static bool take_optional(const struct entry *entry, double *number) {
    *number = NAN;
    if (!entry->value || json_is_null(entry->value)) {
        return true;
    }
    if (!json_is_number(entry->value)) {
        return plot_fault(entry->place, "\"%s\" of the %s is neither a number nor null", entry->key,
                          entry->what);
    }
    *number = json_number_value(entry->value);
    return true;
}

static bool take_flag(const struct entry *entry, bool *flag) {
    if (entry->value && !json_is_boolean(entry->value)) {
        return plot_fault(entry->place, "\"%s\" of the %s is neither true nor false", entry->key,
                          entry->what);
    }
    *flag = json_is_true(entry->value);
    return true;
}

static bool may_lack(enum plot_field_type type) {
    return type == PLOT_FIELD_OPTIONAL || type == PLOT_FIELD_REMARK || type == PLOT_FIELD_FLAG;
}

static bool take_field(const struct entry *entry, enum plot_field_type type, void *member) {
    if (!entry->value && !may_lack(type)) {
        return plot_fault(entry->place, "the %s lacks \"%s\"", entry->what, entry->key);
    }
    switch (type) {
    case PLOT_FIELD_TEXT:
    case PLOT_FIELD_REMARK:
        return take_text(entry, member);
    case PLOT_FIELD_COUNT:
        return take_integer(entry, 0, member);
    case PLOT_FIELD_THREADS:
        return take_integer(entry, 1, member);
    case PLOT_FIELD_POSITIVE:
        return take_positive(entry, member);
    case PLOT_FIELD_FLAG:
        return take_flag(entry, member);
    case PLOT_FIELD_OPTIONAL:
        break;
    }
    return take_optional(entry, member);
}

bool plot_take_fields(const struct plot_place *place, const char *what, const json_t *record,
                      const struct plot_field *fields, size_t count, void *object) {
    bool sound = true;
    for (size_t i = 0; sound && i < count; i++) {
        struct entry entry = {place, what, fields[i].key, lookup(record, fields[i].key)};
        sound = take_field(&entry, fields[i].type, (char *)object + fields[i].offset);
    }
    return sound;
}

void plot_free_fields(const struct plot_field *fields, size_t count, void *object) {
    for (size_t i = 0; i < count; i++) {
        if (fields[i].type == PLOT_FIELD_TEXT || fields[i].type == PLOT_FIELD_REMARK) {
            free(*(char **)(void *)((char *)object + fields[i].offset));
        }
    }
}
