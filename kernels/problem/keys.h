/* The keys of problem texts: what each is called, which operators have it, and how its value is
 * parsed and printed. One table.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_PROBLEM_KEYS_H
#define KERNELS_PROBLEM_KEYS_H

#include "kernels/problem/parser.h"
#include "kernels/problem/writer.h"

/* Long enough for any value: three int64_t with an x between are 59 characters, the longest double
 * (-1.7976931348623157e+308) is 24. */
enum { NORMA_VALUE_TEXT = 64 };

struct norma_key {
    const char *name;
    unsigned operators; /* bit op: the operator has this key */
    bool always;        /* printed also where it has its default */
    /* Parses the value at parser->at into parser->problem. */
    norma_status (*parse)(struct norma_parser *parser);
    /* Prints the value; nothing where only leaving the key out says it. */
    void (*print)(const struct norma_problem *problem, struct norma_writer *writer);
};

/* In the order of the canonical text; the last has no name. One name may be a different key of
 * different operators. */
extern const struct norma_key norma_keys[];

bool norma_has_key(norma_operator op, const struct norma_key *key);

/* What unit's alpha varies over, by default, in each of its forms. */
norma_alpha_kind norma_default_alpha_kind(norma_unit_form form);

#endif
