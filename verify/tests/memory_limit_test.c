/* Checks that the memory of control groups, of a shell's limit and of the machine are all heeded.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _XOPEN_SOURCE 700
#include "verify/checks/memory_needed.h"
#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

static char root[] = "/tmp/norma-memory-XXXXXX";

static void make_root(void) {
    cr_assert_not_null(mkdtemp(root));
}

static void remove_root(void) {
    char command[64];
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    cr_assert_eq(system(command), 0);
}

TestSuite(memory_limit, .init = make_root, .fini = remove_root);

/* Makes a file of the system, and its folders. */
static void make(const char *path, const char *content) {
    char full[256];
    snprintf(full, sizeof full, "%s%s", root, path);
    for (char *slash = strchr(full + strlen(root) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(full, 0700);
        *slash = '/';
    }
    FILE *file = fopen(full, "w");
    cr_assert(file && fputs(content, file) >= 0 && fclose(file) == 0, "%s", full);
}

#define MOUNT_2 "35 24 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
#define MOUNT_1 "37 33 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"

Test(memory_limit, is_that_of_a_container) {
    make("/proc/self/mountinfo", MOUNT_2);
    make("/proc/self/cgroup", "0::/\n");
    make("/sys/fs/cgroup/memory.max", "1000000\n");
    cr_expect_eq(tool_memory_limit(root), 1000000);
    cr_expect_str_eq(tool_memory_limit_origin(root), "that a control group leaves");
}

Test(memory_limit, is_the_smallest_of_nested_groups) {
    make("/proc/self/mountinfo", MOUNT_2);
    make("/proc/self/cgroup", "0::/system.slice/job/step\n");
    make("/sys/fs/cgroup/system.slice/memory.max", "3000000\n");
    make("/sys/fs/cgroup/system.slice/job/memory.max", "2000000\n");
    make("/sys/fs/cgroup/system.slice/job/step/memory.max", "max\n");
    make("/sys/fs/cgroup/system.slice/other/memory.max", "1000\n");
    cr_expect_eq(tool_memory_limit(root), 2000000);
}

Test(memory_limit, is_that_of_a_group_of_version_1) {
    make("/proc/self/mountinfo", MOUNT_1);
    make("/proc/self/cgroup", "4:memory:/slurm/job\n3:cpu:/\n");
    make("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    make("/sys/fs/cgroup/memory/slurm/job/memory.limit_in_bytes", "2000000\n");
    cr_expect_eq(tool_memory_limit(root), 2000000);
}

/* The folder of a group that is mounted is no prefix of another's name. */
Test(memory_limit, is_not_that_of_a_group_with_a_similar_name) {
    make("/proc/self/mountinfo", "37 33 0:32 /job /groups rw - cgroup cgroup rw,memory\n");
    make("/proc/self/cgroup", "4:memory:/job2\n");
    make("/groups2/memory.limit_in_bytes", "1000000\n");
    make("/groups/memory.limit_in_bytes", "2000000\n");
    cr_expect_eq(tool_memory_limit(root), 2000000);
}

Test(memory_limit, is_that_of_the_machine) {
    const uint64_t machine = tool_memory_limit(root);
    cr_expect_gt(machine, 0);
    make("/proc/self/mountinfo", MOUNT_2 MOUNT_1);
    make("/proc/self/cgroup", "4:memory:/\n0::/\n");
    make("/sys/fs/cgroup/memory.max", "max\n");
    make("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    cr_expect_eq(tool_memory_limit(root), machine);
    cr_expect_str_eq(tool_memory_limit_origin(root), "that the machine has");
}

Test(memory_limit, is_that_of_the_process) {
    struct rlimit limit;
    cr_assert_eq(getrlimit(RLIMIT_AS, &limit), 0);
    const uint64_t machine = tool_memory_limit(root);
    limit.rlim_cur = machine / 2;
    if (setrlimit(RLIMIT_AS, &limit) != 0) {
        cr_skip_test("limits cannot be set here");
    }
    cr_expect_eq(tool_memory_limit(root), machine / 2);
    cr_expect_str_eq(tool_memory_limit_origin(root), "that ulimit -v leaves");
}

Test(memory_needed, counts_every_tensor_and_the_truth) {
    struct norma_problem forward, backward;
    cr_assert_eq(norma_problem_parse("bn:2x3x1000", &forward, NULL), NORMA_STATUS_OK);
    cr_assert_eq(norma_problem_parse("bn:2x3x1000:pass=bwd", &backward, NULL), NORMA_STATUS_OK);
    cr_expect_geq(verify_memory_needed(&forward), 6000 * (4 + 4 + 8 + 8));
    cr_expect_geq(verify_memory_needed(&backward), 6000 * (3 * 4 + 2 * 8));
    cr_expect_leq(verify_memory_needed(&backward), 6000 * 200);
}
