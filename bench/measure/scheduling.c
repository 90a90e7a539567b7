/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "bench/measure/scheduling.h"
#include "verify/harness/tool/tool.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* ---- the accounts of threads ---------------------------------------------------------------- */

/* Reads for how many seconds the thread has waited for a processor so far. Returns false if the
 * system does not tell, or the thread has ended. */
static bool read_waited(int file, double *seconds) {
    char text[128];
    unsigned long long waited; /* the second number, in nanoseconds */
    const ssize_t length = pread(file, text, sizeof text - 1, 0);
    text[length > 0 ? length : 0] = '\0';
    if (sscanf(text, "%*u %llu", &waited) != 1) {
        return false;
    }
    *seconds = 1e-9 * (double)waited;
    return true;
}

static void add_thread(struct bench_scheduling *scheduling, const char *thread) {
    char path[320];
    double waited;
    snprintf(path, sizeof path, "/proc/self/task/%s/schedstat", thread);
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file >= 0 && read_waited(file, &waited)) {
        scheduling->files =
            tool_grow(scheduling->files, scheduling->count, sizeof *scheduling->files);
        scheduling->is_caller =
            tool_grow(scheduling->is_caller, scheduling->count, sizeof *scheduling->is_caller);
        scheduling->is_caller[scheduling->count] = atoi(thread) == gettid();
        scheduling->files[scheduling->count++] = file;
    } else if (file >= 0) {
        close(file);
    }
}

void bench_scheduling_open(struct bench_scheduling *scheduling) {
    *scheduling = (struct bench_scheduling){0};
    DIR *folder = opendir("/proc/self/task");
    const struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        if (entry->d_name[0] != '.') {
            add_thread(scheduling, entry->d_name);
        }
    }
    if (folder) {
        closedir(folder);
    }
    scheduling->waited = tool_allocate(scheduling->count + 1, sizeof *scheduling->waited);
}

void bench_scheduling_close(struct bench_scheduling *scheduling) {
    for (size_t i = 0; i < scheduling->count; i++) {
        close(scheduling->files[i]);
    }
    free(scheduling->files);
    free(scheduling->is_caller);
    free(scheduling->waited);
}

/* Returns the longest that one thread waited since the start. */
static double longest_wait(const struct bench_scheduling *scheduling, bool without_caller) {
    double longest = 0, waited;
    for (size_t i = 0; i < scheduling->count; i++) {
        if (!(without_caller && scheduling->is_caller[i]) &&
            read_waited(scheduling->files[i], &waited)) {
            const double since = waited - scheduling->waited[i];
            longest = since > longest ? since : longest;
        }
    }
    return longest;
}

/* ---- start and stop ------------------------------------------------------------------------- */

/* Returns the seconds for which the caller has been running. */
static double cpu_now(void) {
    struct timespec now = {0};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static long sleeps_now(void) {
    struct rusage caller;
    return getrusage(RUSAGE_THREAD, &caller) == 0 ? caller.ru_nvcsw : 0;
}

static long preemptions_now(void) {
    struct rusage process;
    return getrusage(RUSAGE_SELF, &process) == 0 ? process.ru_nivcsw : 0;
}

void bench_scheduling_start(struct bench_scheduling *scheduling) {
    for (size_t i = 0; i < scheduling->count; i++) {
        if (!read_waited(scheduling->files[i], &scheduling->waited[i])) {
            scheduling->waited[i] = 0;
        }
    }
    scheduling->preemptions = preemptions_now();
    scheduling->sleeps = sleeps_now();
    scheduling->cpu = cpu_now();
}

struct bench_scheduled bench_scheduling_stop(const struct bench_scheduling *scheduling,
                                             double wall) {
    struct bench_scheduled scheduled = {.cpu = cpu_now() - scheduling->cpu};
    const bool slept = sleeps_now() > scheduling->sleeps;
    const bool preempted = preemptions_now() > scheduling->preemptions;
    scheduled.lost = longest_wait(scheduling, !slept);
    if (!slept && wall - scheduled.cpu > scheduled.lost) {
        scheduled.lost = wall - scheduled.cpu;
    }
    scheduled.unknown = slept && preempted && scheduling->count == 0;
    return scheduled;
}
