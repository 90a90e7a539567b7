/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "bench/measure/perf.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MISSED_LOADS(cache)                                                                        \
    (PERF_COUNT_HW_CACHE_##cache | PERF_COUNT_HW_CACHE_OP_READ << 8 |                              \
     PERF_COUNT_HW_CACHE_RESULT_MISS << 16)

static const struct {
    uint32_t type;
    uint64_t config;
    bool kernel; /* counted in the kernel, too, where alone it happens */
} events[BENCH_EVENT_COUNT] = {
    [BENCH_EVENT_CYCLES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES, false},
    [BENCH_EVENT_INSTRUCTIONS] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS, false},
    [BENCH_EVENT_BRANCH_MISSES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_MISSES, false},
    [BENCH_EVENT_L1D_MISSES] = {PERF_TYPE_HW_CACHE, MISSED_LOADS(L1D), false},
    [BENCH_EVENT_LLC_MISSES] = {PERF_TYPE_HW_CACHE, MISSED_LOADS(LL), false},
    [BENCH_EVENT_DTLB_MISSES] = {PERF_TYPE_HW_CACHE, MISSED_LOADS(DTLB), false},
    [BENCH_EVENT_PAGE_FAULTS] = {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS, false},
    [BENCH_EVENT_CONTEXT_SWITCHES] = {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES, true},
};

/* Counts user code only, which unprivileged users may count on most systems. */
int bench_perf_open(enum bench_event event, int thread, int leader) {
    struct perf_event_attr attributes = {
        .size = sizeof attributes,
        .type = events[event].type,
        .config = events[event].config,
        .read_format =
            PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
        .disabled = leader < 0,
        .exclude_kernel = !events[event].kernel,
        .exclude_hv = 1,
    };
    const long opened =
        syscall(SYS_perf_event_open, &attributes, thread, -1, leader, PERF_FLAG_FD_CLOEXEC);
    return opened < 0 ? -errno : (int)opened;
}

void bench_perf_start(int leader) {
    ioctl(leader, PERF_EVENT_IOC_RESET, PERF_IOC_FLAG_GROUP);
    ioctl(leader, PERF_EVENT_IOC_ENABLE, PERF_IOC_FLAG_GROUP);
}

void bench_perf_stop(int leader) {
    ioctl(leader, PERF_EVENT_IOC_DISABLE, PERF_IOC_FLAG_GROUP);
}

bool bench_perf_read(int leader, struct bench_reading *reading) {
    const ssize_t least = 3 * sizeof(uint64_t);
    return read(leader, reading, sizeof *reading) >= least;
}

void bench_perf_close(int counter) {
    close(counter);
}
