/* Reads members of structs from the keys of JSON objects. Each has the type that it should have, or
 * a message says which one has not, and where.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_READ_FIELDS_H
#define PLOTS_READ_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct plot_read_error {
    char message[1024];
};

/* A line of a file that is being read. */
struct plot_place {
    const char *name;
    size_t line;
    struct plot_read_error *error; /* takes the message about it */
};

/* Makes the message, which begins with "name:line: ". Returns false. */
bool plot_fault(const struct plot_place *place, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

enum plot_field_type {
    PLOT_FIELD_TEXT,     /* char *, copied */
    PLOT_FIELD_REMARK,   /* char *, copied; "" when missing */
    PLOT_FIELD_COUNT,    /* long long, at least 0 */
    PLOT_FIELD_THREADS,  /* long long, at least 1 */
    PLOT_FIELD_POSITIVE, /* double from 1e-18 to 1e18, for a logarithmic axis */
    PLOT_FIELD_OPTIONAL, /* double, NAN when missing or null */
    PLOT_FIELD_FLAG      /* bool, false when missing */
};

struct plot_field {
    const char *key; /* "time.median": key `median` of the object `time` */
    enum plot_field_type type;
    size_t offset;
};
#define PLOT_FIELD(structure, key, type, member)                                                   \
    { key, type, offsetof(structure, member) }

/* Fills in the members of a struct, which must be zero before. `what` is the record's name in
 * messages. plot_free_fields frees the copied texts, also after a failure. */
bool plot_take_fields(const struct plot_place *place, const char *what, const json_t *record,
                      const struct plot_field *fields, size_t count, void *object);
void plot_free_fields(const struct plot_field *fields, size_t count, void *object);

#endif
