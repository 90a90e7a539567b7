/* Profiles in memory, and as text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "profile.h"

#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "text/writer.h"

struct norma_profile *norma_profile_create(void) {
    struct norma_profile *profile = calloc(1, sizeof *profile);
    if (profile && norma_profile_name(profile, "") != NORMA_OK) {
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
        return NORMA_NO_MEMORY;
    }
    free(profile->path);
    profile->path = copy;
    return NORMA_OK;
}

const char *norma_profile_cpu(void) {
    return norma_machine()->cpu;
}

static const struct norma_section *find(const struct norma_profile *profile, const char *set) {
    for (size_t i = 0; i < profile->count; i++) {
        if (strcmp(profile->sections[i].set, set) == 0) {
            return &profile->sections[i];
        }
    }
    return NULL;
}

const struct norma_tuning *norma_profile_tuning(const struct norma_profile *profile,
                                                const char *set, norma_size_class size) {
    const struct norma_section *section = find(profile, set);
    return section && section->given[size] ? &section->tuning[size] : NULL;
}

static bool is_set_name(const char *name) {
    const size_t length = strlen(name);
    return length > 0 && length < NORMA_SET_NAME &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == length;
}

bool norma_profile_put(struct norma_profile *profile, const char *set, norma_size_class size,
                       const struct norma_tuning *tuning) {
    const struct norma_section *found = find(profile, set);
    if (!found && (profile->count == NORMA_PROFILE_SETS || !is_set_name(set))) {
        return false;
    }
    struct norma_section *section =
        &profile->sections[found ? found - profile->sections : (ptrdiff_t)profile->count++];
    memcpy(section->set, set, strlen(set) + 1);
    section->given[size] = true;
    section->tuning[size] = *tuning;
    return true;
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
