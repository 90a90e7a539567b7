/* Whether the figures of two runs may be compared, or more than the kernels differs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_COMPARE_SAME_MACHINE_H
#define BENCH_COMPARE_SAME_MACHINE_H

#include "verify/harness/tool/tool.h"

#include <jansson.h>

/* Compares two machine records in all conditions that are not in `different`. Returns false, with
 * *error, which has the names, if one differs. */
bool bench_same_conditions(const json_t *first, const json_t *second, const char *first_name,
                           const char *second_name, const struct tool_list *different,
                           struct tool_message *error);

/* Checks that two runs in the file `name` are of the same revision. */
bool bench_same_program(const json_t *first, const json_t *second, const char *name,
                        struct tool_message *error);

#endif
