/* Profiles in memory, and as text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "kernels/plan/profile.h"

#include <stdlib.h>
#include <string.h>

#include "kernels/plan/caches.h"
#include "kernels/problem/problem.h"

struct norma_profile *norma_profile_create(void) {
    struct norma_profile *profile = calloc(1, sizeof *profile);
    if (profile && norma_profile_name(profile, "") != NORMA_STATUS_OK) {
        free(profile);
        return NULL;
    }
    return profile;
}

void norma_profile_destroy(struct norma_profile *profile) {
    if (profile) {
        free(profile->path);
    }
    free(profile);
}

norma_status norma_profile_name(struct norma_profile *profile, const char *path) {
    char *copy = strdup(path);
    if (!copy) {
        return NORMA_STATUS_NO_MEMORY;
    }
    free(profile->path);
    profile->path = copy;
    return NORMA_STATUS_OK;
}

const char *norma_profile_cpu(void) {
    return norma_this_machine()->cpu;
}

/* Returns the index of the set's section, or the number of sections if it has none. */
static size_t position_of(const struct norma_profile *profile, const char *set) {
    size_t position = 0;
    while (position < profile->count && strcmp(profile->sections[position].set, set) != 0) {
        position++;
    }
    return position;
}

const struct norma_tuning *norma_profile_tuning(const struct norma_profile *profile,
                                                const char *set, norma_size_class size) {
    const size_t position = position_of(profile, set);
    const bool given = position < profile->count && profile->sections[position].given[size];
    return given ? &profile->sections[position].tuning[size] : NULL;
}

static bool is_set_name(const char *name) {
    const size_t length = strlen(name);
    return length > 0 && length < NORMA_SET_NAME &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == length;
}

struct norma_section *norma_profile_section(struct norma_profile *profile, const char *set) {
    const size_t position = position_of(profile, set);
    if (position == profile->count) {
        if (position == NORMA_PROFILE_SETS || !is_set_name(set)) {
            return NULL;
        }
        profile->count++;
        memcpy(profile->sections[position].set, set, strlen(set) + 1);
    }
    return &profile->sections[position];
}

bool norma_profile_put(struct norma_profile *profile, const char *set, norma_size_class size,
                       const struct norma_tuning *tuning) {
    struct norma_section *section = norma_profile_section(profile, set);
    if (section) {
        section->given[size] = true;
        section->tuning[size] = *tuning;
    }
    return section != NULL;
}

static void print_section(const struct norma_section *section, struct norma_writer *writer) {
    norma_append(writer, "set %s\n", section->set);
    for (int size = 0; size < NORMA_SIZE_CLASS_COUNT; size++) {
        if (!section->given[size]) {
            continue;
        }
        norma_append(writer, "%s", norma_size_class_name((norma_size_class)size));
        for (size_t i = 0; norma_tuning_parameter(i); i++) {
            norma_append(writer, " %s=%lld", norma_tuning_parameter(i)->name,
                         (long long)norma_tuning_get(&section->tuning[size], i));
        }
        norma_append(writer, "\n");
    }
}

size_t norma_profile_print(const struct norma_profile *profile, char *text, size_t size) {
    struct norma_writer writer = {text, size, 0};
    norma_append(&writer, "norma-profile 1\nversion %s\ncpu %s\n", norma_version(),
                 norma_profile_cpu());
    for (size_t i = 0; i < profile->count; i++) {
        print_section(&profile->sections[i], &writer);
    }
    norma_append(&writer, "end\n");
    return writer.length;
}
