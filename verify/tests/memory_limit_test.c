/* Checks that the memory of a container, of a shell's limit and of the machine are all heeded.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _XOPEN_SOURCE 700
#include "verify/checks/memory_needed.h"
#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/norma-memory-XXXXXX";

static void enter_folder(void) {
    cr_assert(mkdtemp(folder) && chdir(folder) == 0 && mkdir("memory", 0700) == 0);
}

static void remove_folder(void) {
    unlink("memory.max");
    unlink("memory/memory.limit_in_bytes");
    rmdir("memory");
    rmdir(folder);
}

TestSuite(memory_limit, .init = enter_folder, .fini = remove_folder);

static void write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

Test(memory_limit, is_that_of_a_container) {
    write_file("memory.max", "1000000\n");
    cr_expect_eq(tool_memory_limit(folder), 1000000);
    write_file("memory.max", "max\n");
    write_file("memory/memory.limit_in_bytes", "2000000\n");
    cr_expect_eq(tool_memory_limit(folder), 2000000);
}

Test(memory_limit, is_that_of_the_machine) {
    const uint64_t machine = tool_memory_limit(folder);
    cr_expect_gt(machine, 0);
    write_file("memory.max", "max\n");
    write_file("memory/memory.limit_in_bytes", "9223372036854771712\n");
    cr_expect_eq(tool_memory_limit(folder), machine);
}

Test(memory_limit, is_that_of_the_process) {
    struct rlimit limit;
    cr_assert_eq(getrlimit(RLIMIT_AS, &limit), 0);
    const uint64_t machine = tool_memory_limit(folder);
    limit.rlim_cur = machine / 2;
    if (setrlimit(RLIMIT_AS, &limit) != 0) {
        cr_skip_test("limits cannot be set here");
    }
    cr_expect_eq(tool_memory_limit(folder), machine / 2);
}

Test(memory_needed, counts_every_tensor_and_the_truth) {
    struct norma_problem forward, backward;
    cr_assert_eq(norma_problem_parse("bn:2x3x1000", &forward, NULL), NORMA_STATUS_OK);
    cr_assert_eq(norma_problem_parse("bn:2x3x1000:pass=bwd", &backward, NULL), NORMA_STATUS_OK);
    cr_expect_geq(verify_memory_needed(&forward), 6000 * (4 + 4 + 8 + 8));
    cr_expect_geq(verify_memory_needed(&backward), 6000 * (3 * 4 + 2 * 8));
    cr_expect_leq(verify_memory_needed(&backward), 6000 * 200);
}
