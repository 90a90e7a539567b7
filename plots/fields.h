/* Members of structs from the keys of JSON objects: each is what it should be, or a message says
 * which is not, and where.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_PLOTS_FIELDS_H
#define NORMA_PLOTS_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct norma_read_error {
    char message[1024];
};

/* A line of a file that is being read. */
struct norma_place {
    const char *name;
    size_t line;
    struct norma_read_error *error; /* for the message about it */
};

/* Makes the message "name:line: ..."; false. */
bool norma_fault(const struct norma_place *place, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

enum norma_field_type {
    NORMA_FIELD_TEXT,     /* char *, copied */
    NORMA_FIELD_REMARK,   /* char *, copied; "" when missing */
    NORMA_FIELD_COUNT,    /* long long, at least 0 */
    NORMA_FIELD_THREADS,  /* long long, at least 1 */
    NORMA_FIELD_POSITIVE, /* double from 1e-18 to 1e18: it will stand on a logarithmic axis */
    NORMA_FIELD_OPTIONAL  /* double, NAN when missing or null */
};

struct norma_field {
    const char *key; /* "time.median": key `median` of the object `time` */
    enum norma_field_type type;
    size_t offset;
};
#define NORMA_FIELD(structure, key, type, member)                                                  \
    { key, type, offsetof(structure, member) }

/* Fills the members of a struct that was zero before; `what` it is, for messages. Also after a
 * failure norma_free_fields frees what was copied. */
bool norma_take_fields(const struct norma_place *place, const char *what, const json_t *record,
                       const struct norma_field *fields, size_t count, void *object);
void norma_free_fields(const struct norma_field *fields, size_t count, void *object);

#endif
