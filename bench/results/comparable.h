/* The conditions that two runs must have in common, so that their figures can be compared.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RESULTS_COMPARABLE_H
#define BENCH_RESULTS_COMPARABLE_H

#include "verify/harness/tool/tool.h"

#include <jansson.h>

/* A condition that two runs do not share. */
struct bench_difference {
    const char *condition; /* "settings" */
    char member[64];       /* the member of the machine records that differs: "os.release" */
    char both[200];        /* its two values, "a and b" */
};

/* Compares two machine records in all conditions that are not in `ignored`, which may be NULL. A
 * condition that only one of them records cannot be compared and is passed over. Returns whether
 * one differs, and sets *difference to the first that does. */
bool bench_find_difference(const json_t *first, const json_t *second,
                           const struct tool_list *ignored, struct bench_difference *difference);

/* Returns whether two machine records name different revisions or versions of norma, which may be
 * what is compared, and sets *difference. */
bool bench_find_other_program(const json_t *first, const json_t *second,
                              struct bench_difference *difference);

/* Returns a list of the conditions, for messages: "some of machine, system, build". */
const char *bench_condition_names(void);
bool bench_is_condition(const char *name);

#endif
