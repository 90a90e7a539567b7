/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/machine/quota.h"
#include "verify/harness/tool/tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Returns the processors of a group; 0: it has no quota ("max", or -1). */
static double processors_of(const char *folder, int version) {
    double quota[2] = {0}, period[2] = {0};
    if (version == 2) {
        return tool_control_group_numbers(folder, "/cpu.max", quota) == 2 ? quota[0] / quota[1] : 0;
    }
    return tool_control_group_numbers(folder, "/cpu.cfs_quota_us", quota) == 1 && quota[0] > 0 &&
                   tool_control_group_numbers(folder, "/cpu.cfs_period_us", period) == 1
               ? quota[0] / period[0]
               : 0;
}

static void add_throttling(const char *folder, struct bench_quota *quota) {
    char *path = tool_text("%s/cpu.stat", folder);
    FILE *file = fopen(path, "r");
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
    free(path);
}

/* Adds a group: each may have a quota, and the smallest counts. */
static void add_group(void *context, const char *folder, int version) {
    struct bench_quota *quota = context;
    const double processors = processors_of(folder, version);
    if (processors > 0 && (quota->processors <= 0 || processors < quota->processors)) {
        quota->processors = processors;
    }
    add_throttling(folder, quota);
}

struct bench_quota bench_quota_read(const char *root) {
    struct bench_quota quota = {0};
    tool_control_groups_visit(root, "cpu", add_group, &quota);
    return quota;
}

int bench_default_threads(const struct bench_cpu_binding *binding) {
    const double quota = bench_quota_read("").processors;
    const int most = tool_threads_most();
    const int threads = tool_threads_startable(binding->cores < most ? binding->cores : most);
    return quota > 0 && quota < threads ? (quota < 1 ? 1 : (int)quota) : threads;
}

struct bench_memory_budget bench_memory_budget(uint64_t given) {
    return given > 0 ? (struct bench_memory_budget){.bytes = given}
                     : (struct bench_memory_budget){tool_memory_limit("") / 2,
                                                    tool_memory_limit_origin("")};
}

enum { SIZE_TEXT = 32 };

/* Writes a size with three digits at least. */
static void print_size(char text[SIZE_TEXT], uint64_t bytes) {
    static const char *const units[] = {"bytes", "kB", "MB", "GB"};
    double size = (double)bytes;
    size_t unit = 0;
    for (; unit < 3 && size >= 1000.0; unit++) {
        size /= 1000.0;
    }
    snprintf(text, SIZE_TEXT, "%.*f %s", unit > 0 ? 2 : 0, size, units[unit]);
}

void bench_memory_excess_print(const struct bench_memory_budget *budget, uint64_t needed,
                               char text[BENCH_MEMORY_EXCESS_TEXT]) {
    char needs[SIZE_TEXT], limit[SIZE_TEXT];
    print_size(needs, needed);
    print_size(limit, budget->origin ? 2 * budget->bytes : budget->bytes);
    if (budget->origin) {
        snprintf(text, BENCH_MEMORY_EXCESS_TEXT, "needs %s of memory, more than half of the %s %s",
                 needs, limit, budget->origin);
    } else {
        snprintf(text, BENCH_MEMORY_EXCESS_TEXT, "needs %s of memory, --max-memory is %s", needs,
                 limit);
    }
}
