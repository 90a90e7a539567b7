/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "verify/fuzz/targets/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void fuzz_expect(bool holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "expected: %s\n", what);
        abort();
    }
}

char *fuzz_input_text(const uint8_t *data, size_t size) {
    char *text = malloc(size + 1);
    fuzz_expect(text, "memory for the input");
    memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

const char *fuzz_input_file(const uint8_t *data, size_t size) {
    static int file = -1;
    static char path[32];
    if (file < 0) {
        file = memfd_create("input", MFD_CLOEXEC);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    fuzz_expect(ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == (ssize_t)size,
                "a file for the input");
    return path;
}
