/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/compare/same_machine.h"
#include "bench/results/results.h"

bool bench_same_conditions(const json_t *first, const json_t *second, const char *first_name,
                           const char *second_name, const struct tool_list *different,
                           struct tool_message *error) {
    struct bench_difference found;
    return !bench_find_difference(first, second, different, &found) ||
           tool_fail(error,
                     "%.80s and %.80s differ in %s: %s; --different %s compares them all the same",
                     first_name, second_name, found.member, found.both, found.condition);
}

bool bench_same_program(const json_t *first, const json_t *second, const char *name,
                        struct tool_message *error) {
    struct bench_difference found;
    return !bench_find_other_program(first, second, &found) ||
           tool_fail(error,
                     "%.200s: has runs of two revisions, %s: a file to compare must be of one "
                     "program",
                     name, found.both);
}
