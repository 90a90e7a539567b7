/* Members of structs from the keys of JSON objects: each is what it should be, or a message says
 * which is not, and where.
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
    struct plot_read_error *error; /* for the message about it */
};

/* Makes the message "name:line: ..."; false. */
bool plot_fault(const struct plot_place *place, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

enum plot_field_type {
    PLOT_FIELD_TEXT,     /* char *, copied */
    PLOT_FIELD_REMARK,   /* char *, copied; "" when missing */
    PLOT_FIELD_COUNT,    /* long long, at least 0 */
    PLOT_FIELD_THREADS,  /* long long, at least 1 */
    PLOT_FIELD_POSITIVE, /* double from 1e-18 to 1e18: it will stand on a logarithmic axis */
    PLOT_FIELD_OPTIONAL  /* double, NAN when missing or null */
};

struct plot_field {
    const char *key; /* "time.median": key `median` of the object `time` */
    enum plot_field_type type;
    size_t offset;
};
#define PLOT_FIELD(structure, key, type, member)                                                   \
    { key, type, offsetof(structure, member) }

/* Fills the members of a struct that was zero before; `what` it is, for messages. Also after a
 * failure plot_free_fields frees what was copied. */
bool plot_take_fields(const struct plot_place *place, const char *what, const json_t *record,
                      const struct plot_field *fields, size_t count, void *object);
void plot_free_fields(const struct plot_field *fields, size_t count, void *object);

#endif
