/* Small files for tests, in a folder that belongs to the test and is removed at its end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_TESTS_FILES_H
#define BENCH_TESTS_FILES_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char test_folder[] = "/tmp/norma-bench-test-XXXXXX";
static char test_path[64];

static inline void make_folder(void) {
    cr_assert_not_null(mkdtemp(test_folder));
    snprintf(test_path, sizeof test_path, "%s/file.txt", test_folder);
}

static inline void remove_folder(void) {
    unlink(test_path);
    rmdir(test_folder);
}

static inline void write_bytes(const char *bytes, size_t size) {
    FILE *file = fopen(test_path, "w");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

static inline void write_text(const char *text) {
    write_bytes(text, strlen(text));
}

#endif
