/* The keys of problem texts, in one table: the name of each, the operators that have it, and how
 * its value is parsed and printed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_PROBLEM_KEYS_H
#define KERNELS_PROBLEM_KEYS_H

#include "kernels/problem/parser.h"
#include "kernels/problem/writer.h"

/* Holds any value: three int64_t with an x between them have 59 characters, and the longest double
 * (-1.7976931348623157e+308) has 24. */
enum { NORMA_VALUE_TEXT = 64 };

struct norma_key {
    const char *name;
    unsigned operators; /* bit op: the operator has this key */
    bool always;        /* printed even where it has its default */
    /* Parses the value at parser->at into parser->problem. */
    norma_status (*parse)(struct norma_parser *parser);
    /* Prints the value; nothing for a value that is written by leaving the key out. */
    void (*print)(const struct norma_problem *problem, struct norma_writer *writer);
};

/* All keys, in the order of the canonical text; the last has no name. Keys of different operators
 * may have the same name. */
extern const struct norma_key norma_keys[];

bool norma_has_key(norma_operator op, const struct norma_key *key);

/* Returns the default kind of unit's alpha in a form. */
norma_alpha_kind norma_default_alpha_kind(norma_unit_form form);

#endif
