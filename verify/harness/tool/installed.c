/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/harness/tool/installed.h"
#include "verify/harness/tool/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *tool_beside_program(const char *relative) {
    char program[4096];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program);
    if (length <= 0 || (size_t)length == sizeof program) {
        return NULL;
    }
    program[length] = '\0';
    char *slash = strrchr(program, '/');
    if (!slash) {
        return NULL;
    }
    slash[1] = '\0';
    const size_t size = strlen(program) + strlen(relative) + 1;
    char *path = tool_allocate(size, 1);
    snprintf(path, size, "%s%s", program, relative);
    return path;
}
