/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/machine/quota.h"
#include "verify/harness/tool/tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_SIZE = 4096, LINE_SIZE = 4096 };

/* ---- where the groups are ------------------------------------------------------------------- */

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

/* Finds where the hierarchy of this version that limits processors is mounted. */
static bool find_mount(const char *root, int version, struct hierarchy *found) {
    FILE *file = open_at(root, "/proc/self/mountinfo");
    char line[LINE_SIZE], type[32], options[LINE_SIZE];
    bool is_found = false;
    while (file && !is_found && fgets(line, sizeof line, file)) {
        const char *rest = strstr(line, " - ");
        if (rest && sscanf(line, "%*s %*s %*s %4095s %4095s", found->mounted, found->mount) == 2 &&
            sscanf(rest, " - %31s %*s %4095s", type, options) == 2) {
            is_found = version == 2 ? strcmp(type, "cgroup2") == 0
                                    : strcmp(type, "cgroup") == 0 && has_word(options, "cpu");
        }
    }
    if (file) {
        fclose(file);
    }
    return is_found;
}

/* Finds this process's group in the hierarchy of this version: the line "0::/group" of version 2,
 * "4:cpu,cpuacct:/group" of version 1. */
static bool find_group(const char *root, int version, struct hierarchy *found) {
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
            is_found = version == 2 ? controllers[1] == '\0' : has_word(controllers + 1, "cpu");
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
    if (strncmp(found->group, found->mounted, length) == 0) {
        memmove(found->group, found->group + length, strlen(found->group + length) + 1);
    } else {
        found->group[0] = '\0';
    }
    if (strcmp(found->group, "/") == 0) {
        found->group[0] = '\0';
    }
}

/* ---- what they say -------------------------------------------------------------------------- */

/* Reads a text of at most two numbers from a file of a group. Returns how many were read. */
static int read_numbers(const char *folder, const char *name, double numbers[2]) {
    FILE *file = open_at(folder, name);
    if (!file) {
        return 0;
    }
    const int got = fscanf(file, "%lf %lf", &numbers[0], &numbers[1]);
    fclose(file);
    return got > 0 ? got : 0;
}

/* Returns the processors of a group; 0: it has no quota ("max", or -1). */
static double processors_of(const char *folder, int version) {
    double quota[2] = {0}, period[2] = {0};
    if (version == 2) {
        return read_numbers(folder, "/cpu.max", quota) == 2 ? quota[0] / quota[1] : 0;
    }
    return read_numbers(folder, "/cpu.cfs_quota_us", quota) == 1 && quota[0] > 0 &&
                   read_numbers(folder, "/cpu.cfs_period_us", period) == 1
               ? quota[0] / period[0]
               : 0;
}

static void add_throttling(const char *folder, struct bench_quota *quota) {
    FILE *file = open_at(folder, "/cpu.stat");
    char name[64];
    double number;
    while (file && fscanf(file, "%63s %lf", name, &number) == 2) {
        if (strcmp(name, "nr_throttled") == 0) {
            quota->throttled += number;
        } else if (strcmp(name, "throttled_usec") == 0) { /* version 2 */
            quota->throttled_seconds += 1e-6 * number;
        } else if (strcmp(name, "throttled_time") == 0) { /* version 1, in nanoseconds */
            quota->throttled_seconds += 1e-9 * number;
        }
    }
    if (file) {
        fclose(file);
    }
}

static void add_group(const char *folder, int version, struct bench_quota *quota) {
    const double processors = processors_of(folder, version);
    if (processors > 0 && (quota->processors <= 0 || processors < quota->processors)) {
        quota->processors = processors;
    }
    add_throttling(folder, quota);
}

/* Adds the group and all around it: each of them may have a quota, and the smallest counts. */
static void add_hierarchy(const char *root, int version, struct bench_quota *quota) {
    struct hierarchy found = {0};
    if (!find_mount(root, version, &found) || !find_group(root, version, &found)) {
        return;
    }
    make_relative(&found);
    for (;;) {
        char folder[3 * PATH_SIZE];
        snprintf(folder, sizeof folder, "%s%s%s", root, found.mount, found.group);
        add_group(folder, version, quota);
        char *last = strrchr(found.group, '/');
        if (!last) {
            return;
        }
        *last = '\0';
    }
}

struct bench_quota bench_quota_read(const char *root) {
    struct bench_quota quota = {0};
    add_hierarchy(root, 2, &quota);
    add_hierarchy(root, 1, &quota);
    return quota;
}

int bench_default_threads(const struct bench_cpu_binding *binding) {
    const double quota = bench_quota_read("").processors;
    const int most = tool_threads_most();
    const int threads = binding->cores < most ? binding->cores : most;
    return quota > 0 && quota < threads ? (quota < 1 ? 1 : (int)quota) : threads;
}

uint64_t bench_default_memory(void) {
    return tool_memory_limit(TOOL_CONTROL_GROUPS) / 2;
}
