/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/compare/same_machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct member {
    const char *condition, *group, *name; /* group "": the record itself */
};

/* The members of a machine record that must be the same. A library that one of two builds lacks is
 * passed over: nothing that is compared uses it in both. */
static const struct member members[] = {
    {"machine", "", "id"},
    {"system", "os", "release"},
    {"system", "os", "governor"},
    {"system", "os", "transparent_huge_pages"},
    {"build", "build", "compiler"},
    {"build", "build", "flags"},
    {"libraries", "libraries", "onednn"},
    {"libraries", "libraries", "hwloc"},
    {"libraries", "libraries", "libcpuid"},
    {"libraries", "libraries", "jansson"},
    {"profile", "", "profile"},
    {"settings", "", "settings"},
};

enum { MEMBER_COUNT = sizeof members / sizeof members[0] };

const char *bench_condition_names(void) {
    return "some of machine, system, build, libraries, profile, settings";
}

bool bench_is_condition(const char *name) {
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        if (strcmp(members[i].condition, name) == 0) {
            return true;
        }
    }
    return false;
}

static const json_t *value_of(const json_t *record, const char *group, const char *name) {
    return json_object_get(*group ? json_object_get(record, group) : record, name);
}

static bool differ(const json_t *first, const json_t *second) {
    return first && second && !json_equal(first, second);
}

static void print_both(const json_t *one, const json_t *other, char text[200]) {
    const size_t flags = JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(6);
    char *here = json_dumps(one, flags), *there = json_dumps(other, flags);
    snprintf(text, 200, "%.90s and %.90s", here ? here : "?", there ? there : "?");
    free(here);
    free(there);
}

bool bench_same_conditions(const json_t *first, const json_t *second, const char *first_name,
                           const char *second_name, const struct tool_list *different,
                           struct tool_message *error) {
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        const struct member *member = &members[i];
        const json_t *one = value_of(first, member->group, member->name);
        const json_t *other = value_of(second, member->group, member->name);
        if (differ(one, other) && !tool_list_has(different, member->condition)) {
            char both[200];
            print_both(one, other, both);
            return tool_fail(error,
                             "%.80s and %.80s differ in %s%s%s: %s; --different %s "
                             "compares them all the same",
                             first_name, second_name, member->group, *member->group ? "." : "",
                             member->name, both, member->condition);
        }
    }
    return true;
}

bool bench_same_program(const json_t *first, const json_t *second, const char *name,
                        struct tool_message *error) {
    const json_t *one = value_of(first, "build", "revision");
    const json_t *other = value_of(second, "build", "revision");
    if (!differ(one, other)) {
        return true;
    }
    char both[200];
    print_both(one, other, both);
    return tool_fail(error,
                     "%.200s: has runs of two revisions, %s: a file to compare must be of one "
                     "program",
                     name, both);
}
