/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/harness/tool/memory_limit.h"
#include "verify/harness/tool/control_groups.h"

#include <stdbool.h>
#include <sys/resource.h>
#include <unistd.h>

static uint64_t smaller(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

static uint64_t of_machine(void) {
    return (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
}

static uint64_t of_process(void) {
    struct rlimit limit;
    const bool limited = getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
    return limited ? (uint64_t)limit.rlim_cur : UINT64_MAX;
}

/* Takes the limit of a group, if it has one: the smallest counts. */
static void take_group(void *context, const char *folder, int version) {
    uint64_t *least = context;
    double numbers[2];
    const char *name = version == 2 ? "/memory.max" : "/memory.limit_in_bytes";
    if (tool_control_group_numbers(folder, name, numbers) == 1 && numbers[0] < 0x1p63) {
        *least = smaller(*least, (uint64_t)numbers[0]);
    }
}

/* Returns the smallest limit of the groups around this process. */
static uint64_t of_groups(const char *root) {
    uint64_t least = UINT64_MAX;
    tool_control_groups_visit(root, "memory", take_group, &least);
    return least;
}

uint64_t tool_memory_limit(const char *root) {
    return smaller(smaller(of_machine(), of_process()), of_groups(root));
}

const char *tool_memory_limit_origin(const char *root) {
    const uint64_t limit = tool_memory_limit(root);
    return limit == of_machine()   ? "that the machine has"
           : limit == of_process() ? "that ulimit -v leaves"
                                   : "that a control group leaves";
}
