/* Whether figures may be compared: what else than the kernels differs between two runs?
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_SAME_H
#define NORMA_BENCH_SAME_H

#include "arguments.h"
#include "message.h"

#include <jansson.h>

/* Compares two machine records, but for what is named in different. What only one of them tells of
 * cannot be compared, and is not. False and *error, with the names: something differs. */
bool norma_same_conditions(const json_t *first, const json_t *second, const char *first_name,
                           const char *second_name, const struct norma_list *different,
                           struct norma_message *error);

/* Are two runs in the file of this name of the same revision? */
bool norma_same_program(const json_t *first, const json_t *second, const char *name,
                        struct norma_message *error);

/* What may be named as different: "machine, system, ..."; and is this one of them? */
const char *norma_condition_names(void);
bool norma_is_condition(const char *name);

#endif
