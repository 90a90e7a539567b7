/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/harness/tool/control_groups.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { PATH_SIZE = 4096, LINE_SIZE = 4096 };

/* A hierarchy of groups: where it is mounted, which of its groups is mounted there, and the group
 * of this process. */
struct hierarchy {
    char mount[PATH_SIZE], mounted[PATH_SIZE], group[PATH_SIZE];
};

/* Returns whether a comma-separated list has this word. */
static bool has_word(const char *list, const char *word) {
    const size_t length = strlen(word);
    for (; *list; list += strcspn(list, ",") + (list[strcspn(list, ",")] == ',')) {
        if (strcspn(list, ",\n") == length && strncmp(list, word, length) == 0) {
            return true;
        }
    }
    return false;
}

static FILE *open_at(const char *root, const char *path) {
    char full[4 * PATH_SIZE];
    snprintf(full, sizeof full, "%s%s", root, path);
    return fopen(full, "r");
}

/* Finds where the hierarchy of this version that has the controller is mounted. */
static bool find_mount(const char *root, int version, const char *controller,
                       struct hierarchy *found) {
    FILE *file = open_at(root, "/proc/self/mountinfo");
    char line[LINE_SIZE], type[32], options[LINE_SIZE];
    bool is_found = false;
    while (file && !is_found && fgets(line, sizeof line, file)) {
        const char *rest = strstr(line, " - ");
        if (rest && sscanf(line, "%*s %*s %*s %4095s %4095s", found->mounted, found->mount) == 2 &&
            sscanf(rest, " - %31s %*s %4095s", type, options) == 2) {
            is_found = version == 2 ? strcmp(type, "cgroup2") == 0
                                    : strcmp(type, "cgroup") == 0 && has_word(options, controller);
        }
    }
    if (file) {
        fclose(file);
    }
    return is_found;
}

/* Finds this process's group in the hierarchy of this version: the line "0::/group" of version 2,
 * "4:cpu,cpuacct:/group" of version 1. */
static bool find_group(const char *root, int version, const char *controller,
                       struct hierarchy *found) {
    FILE *file = open_at(root, "/proc/self/cgroup");
    char line[LINE_SIZE];
    bool is_found = false;
    while (file && !is_found && fgets(line, sizeof line, file)) {
        char *controllers = strchr(line, ':');
        char *group = controllers ? strchr(controllers + 1, ':') : NULL;
        if (group) {
            *group++ = '\0';
            group[strcspn(group, "\n")] = '\0';
            snprintf(found->group, sizeof found->group, "%s", group);
            is_found =
                version == 2 ? controllers[1] == '\0' : has_word(controllers + 1, controller);
        }
    }
    if (file) {
        fclose(file);
    }
    return is_found;
}

/* Makes the group relative to what is mounted. A container may see its own group mounted, and be
 * told the name that the group has outside. */
static void make_relative(struct hierarchy *found) {
    const size_t length = strcmp(found->mounted, "/") == 0 ? 0 : strlen(found->mounted);
    if (strncmp(found->group, found->mounted, length) == 0 &&
        (found->group[length] == '/' || found->group[length] == '\0')) {
        memmove(found->group, found->group + length, strlen(found->group + length) + 1);
    } else {
        found->group[0] = '\0';
    }
    if (strcmp(found->group, "/") == 0) {
        found->group[0] = '\0';
    }
}

/* Visits the group and all around it. */
static void visit_hierarchy(const char *root, int version, const char *controller,
                            tool_group_visit *visit, void *context) {
    struct hierarchy found = {0};
    if (!find_mount(root, version, controller, &found) ||
        !find_group(root, version, controller, &found)) {
        return;
    }
    make_relative(&found);
    for (;;) {
        char folder[3 * PATH_SIZE];
        snprintf(folder, sizeof folder, "%s%s%s", root, found.mount, found.group);
        visit(context, folder, version);
        char *last = strrchr(found.group, '/');
        if (!last) {
            return;
        }
        *last = '\0';
    }
}

void tool_control_groups_visit(const char *root, const char *controller, tool_group_visit *visit,
                               void *context) {
    visit_hierarchy(root, 2, controller, visit, context);
    visit_hierarchy(root, 1, controller, visit, context);
}

int tool_control_group_numbers(const char *folder, const char *name, double numbers[2]) {
    FILE *file = open_at(folder, name);
    if (!file) {
        return 0;
    }
    const int got = fscanf(file, "%lf %lf", &numbers[0], &numbers[1]);
    fclose(file);
    return got > 0 ? got : 0;
}
