/* Whether figures may be compared: what else than the kernels differs between two runs?
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_COMPARE_SAME_MACHINE_H
#define BENCH_COMPARE_SAME_MACHINE_H

#include "verify/harness/tool/tool.h"

#include <jansson.h>

/* Compares two machine records, but for what is named in different. What only one of them tells of
 * cannot be compared, and is not. False and *error, with the names: something differs. */
bool bench_same_conditions(const json_t *first, const json_t *second, const char *first_name,
                           const char *second_name, const struct tool_list *different,
                           struct tool_message *error);

/* Are two runs in the file of this name of the same revision? */
bool bench_same_program(const json_t *first, const json_t *second, const char *name,
                        struct tool_message *error);

/* What may be named as different: "machine, system, ..."; and is this one of them? */
const char *bench_condition_names(void);
bool bench_is_condition(const char *name);

#endif
