/* How quiet a machine is: gaps in the time of a thread, on a clock with known gaps; quotas of
 * control groups, and how busy processors are, in systems that are made of files.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _XOPEN_SOURCE 700
#include "bench/machine/conditions.h"
#include "bench/machine/quota.h"
#include "bench/measure/clock.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- gaps ----------------------------------------------------------------------------------- */

/* Replaces the function of clock.c: the time between two readings is 100 ns or 9 us, and before two
 * of them, 3 ms and 1 ms, as if something else ran. */
static double now;
static int looks;

double bench_now(void) {
    looks++;
    now += looks == 100 ? 3e-3 : looks == 200 ? 1e-3 : looks % 2 ? 9e-6 : 100e-9;
    return now;
}

static double number(const json_t *record, const char *key) {
    const json_t *member = json_object_get(record, key);
    cr_assert(json_is_number(member), "no number '%s'", key);
    return json_number_value(member);
}

Test(machine_noise, gaps_are_counted_and_the_worst_is_told) {
    json_t *record = bench_noise_record(8e-3);
    cr_expect_float_eq(number(record, "worst_gap"), 3e-3, 1e-9);
    cr_expect_eq(number(record, "gaps"), 2);
    cr_expect_float_eq(number(record, "lost_share"), 4e-3 / number(record, "seconds"), 1e-6);
    cr_expect_geq(number(record, "seconds"), 8e-3);
    cr_expect(number(record, "steal_share") >= 0 && number(record, "steal_share") <= 1);
    cr_expect_geq(number(record, "involuntary_switches"), 0);
    json_decref(record);
}

/* ---- quotas --------------------------------------------------------------------------------- */

static char root[64];

static void make_root(void) {
    snprintf(root, sizeof root, "/tmp/norma-quota-XXXXXX");
    cr_assert_not_null(mkdtemp(root));
}

static void remove_root(void) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    cr_assert_eq(system(command), 0);
}

TestSuite(quota, .init = make_root, .fini = remove_root);

/* Makes a file of the system, and its folders. */
static void make(const char *path, const char *content) {
    char full[512];
    snprintf(full, sizeof full, "%s%s", root, path);
    for (char *slash = strchr(full + strlen(root) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(full, 0700);
        *slash = '/';
    }
    FILE *file = fopen(full, "w");
    cr_assert_not_null(file, "%s", full);
    fputs(content, file);
    fclose(file);
}

#define MOUNT_2 "35 24 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
#define MOUNT_1 "37 33 0:32 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"

Test(quota, none_without_groups) {
    const struct bench_quota quota = bench_quota_read(root);
    cr_expect_eq(quota.processors, 0);
    cr_expect_eq(quota.throttled, 0);
}

Test(quota, the_smallest_of_nested_groups_counts) {
    make("/proc/self/mountinfo", "24 1 8:1 / / rw - ext4 /dev/sda1 rw\n" MOUNT_2);
    make("/proc/self/cgroup", "0::/outer/inner\n");
    make("/sys/fs/cgroup/outer/cpu.max", "40000 100000\n");
    make("/sys/fs/cgroup/outer/cpu.stat", "usage_usec 5\nnr_periods 43\nnr_throttled 35\n"
                                          "throttled_usec 2500000\n");
    make("/sys/fs/cgroup/outer/inner/cpu.max", "150000 100000\n");
    make("/sys/fs/cgroup/outer/inner/cpu.stat", "nr_throttled 1\nthrottled_usec 500000\n");
    const struct bench_quota quota = bench_quota_read(root);
    cr_expect_float_eq(quota.processors, 0.4, 1e-12);
    cr_expect_eq(quota.throttled, 36);
    cr_expect_float_eq(quota.throttled_seconds, 3, 1e-9);
}

Test(quota, max_is_none) {
    make("/proc/self/mountinfo", MOUNT_2);
    make("/proc/self/cgroup", "0::/\n");
    make("/sys/fs/cgroup/cpu.max", "max 100000\n");
    cr_expect_eq(bench_quota_read(root).processors, 0);
}

Test(quota, version_1) {
    make("/proc/self/mountinfo",
         "36 33 0:31 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n" MOUNT_1);
    make("/proc/self/cgroup", "5:cpuset:/other\n4:cpu,cpuacct:/job\n0::/\n");
    make("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
    make("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
    make("/sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "250000\n");
    make("/sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us", "100000\n");
    make("/sys/fs/cgroup/cpu,cpuacct/job/cpu.stat", "nr_periods 9\nnr_throttled 2\n"
                                                    "throttled_time 1500000000\n");
    const struct bench_quota quota = bench_quota_read(root);
    cr_expect_float_eq(quota.processors, 2.5, 1e-12);
    cr_expect_eq(quota.throttled, 2);
    cr_expect_float_eq(quota.throttled_seconds, 1.5, 1e-9);
}

/* A container sees its own group mounted, and is told the name that it has outside. */
Test(quota, the_group_of_a_container) {
    make("/proc/self/mountinfo",
         "35 24 0:30 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n");
    make("/proc/self/cgroup", "4:cpu:/docker/abc\n");
    make("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n");
    make("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
    cr_expect_float_eq(bench_quota_read(root).processors, 0.5, 1e-12);
    make("/proc/self/cgroup", "4:cpu:/\n");
    cr_expect_float_eq(bench_quota_read(root).processors, 0.5, 1e-12);
}

/* ---- how busy processors are ---------------------------------------------------------------- */

Test(quota, other_processors_do_not_count) {
    hwloc_bitmap_t own = hwloc_bitmap_alloc();
    hwloc_bitmap_set_range(own, 2, 3);
    make("/proc/stat", "cpu  900 0 0 90000 0 0 0 0 0 0\n"
                       "cpu0 500 0 0 5000 0 0 0 0 0 0\ncpu1 300 0 0 4000 0 0 0 0 0 0\n"
                       "cpu2 100 0 0 1000 20 0 0 0 0 0\ncpu3 200 0 0 1000 0 0 0 0 0 0\n");
    const struct bench_ticks before = bench_ticks_read(root, own);
    make("/proc/stat", "cpu  900 0 0 90000 0 0 0 0 0 0\n"
                       "cpu0 510 0 0 5000 0 0 0 0 0 0\ncpu1 310 0 0 4000 0 0 0 0 0 0\n"
                       "cpu2 105 0 0 1003 22 0 0 0 0 0\ncpu3 201 0 0 1009 0 0 0 0 0 0\n");
    const struct bench_ticks after = bench_ticks_read(root, own);
    cr_expect_float_eq(before.total, 2320, 1e-9);
    cr_expect_float_eq(before.idle, 2020, 1e-9);
    cr_expect_float_eq(bench_busy_processors(before, after, 2), 0.6, 1e-9);
    cr_expect_eq(bench_busy_processors(after, after, 2), 0, "no tick, nothing known");
    hwloc_bitmap_free(own);
}

Test(quota, without_proc_nothing_is_busy) {
    hwloc_bitmap_t own = hwloc_bitmap_alloc();
    hwloc_bitmap_set(own, 0);
    const struct bench_ticks none = bench_ticks_read(root, own);
    cr_expect_eq(bench_busy_processors(none, none, 1), 0);
    hwloc_bitmap_free(own);
}
