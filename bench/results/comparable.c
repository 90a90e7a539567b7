/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/results/comparable.h"

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

static char *text_of(const json_t *value) {
    return json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
}

static struct bench_difference difference_of(const struct member *member, const json_t *one,
                                             const json_t *other) {
    struct bench_difference difference = {.condition = member->condition};
    char *here = text_of(one), *there = text_of(other);
    snprintf(difference.member, sizeof difference.member, "%s%s%s", member->group,
             *member->group ? "." : "", member->name);
    snprintf(difference.both, sizeof difference.both, "%.90s and %.90s", here ? here : "?",
             there ? there : "?");
    free(here);
    free(there);
    return difference;
}

static bool find_in(const struct member *member, const json_t *first, const json_t *second,
                    struct bench_difference *difference) {
    const json_t *one = value_of(first, member->group, member->name);
    const json_t *other = value_of(second, member->group, member->name);
    const bool found = differ(one, other);
    if (found) {
        *difference = difference_of(member, one, other);
    }
    return found;
}

bool bench_find_difference(const json_t *first, const json_t *second,
                           const struct tool_list *ignored, struct bench_difference *difference) {
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        if ((!ignored || !tool_list_has(ignored, members[i].condition)) &&
            find_in(&members[i], first, second, difference)) {
            return true;
        }
    }
    return false;
}

bool bench_find_other_program(const json_t *first, const json_t *second,
                              struct bench_difference *difference) {
    static const struct member revision = {"build", "build", "revision"};
    static const struct member version = {"build", "libraries", "norma"};
    return find_in(&revision, first, second, difference) ||
           find_in(&version, first, second, difference);
}
