/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/harness/tool/memory_limit.h"
#include "verify/harness/tool/memory.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
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

/* Returns the number in a file; UINT64_MAX if there is none, as where it says "max". */
static uint64_t number_in(const char *folder, const char *name) {
    char *path = tool_text("%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    uint64_t number = UINT64_MAX;
    if (file && fscanf(file, "%" SCNu64, &number) != 1) {
        number = UINT64_MAX;
    }
    if (file) {
        fclose(file);
    }
    free(path);
    return number;
}

uint64_t tool_memory_limit(const char *groups) {
    const uint64_t second = number_in(groups, "memory.max");
    const uint64_t first = number_in(groups, "memory/memory.limit_in_bytes");
    return smaller(smaller(of_machine(), of_process()), smaller(first, second));
}
