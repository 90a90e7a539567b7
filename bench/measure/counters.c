/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "bench/measure/counters.h"
#include "verify/harness/tool/tool.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[BENCH_EVENT_COUNT] = {
#define BENCH_NAME(upper, name, group) name,
    BENCH_EVENTS(BENCH_NAME)
#undef BENCH_NAME
};

static const int groups[BENCH_EVENT_COUNT] = {
#define BENCH_GROUP(upper, name, group) group,
    BENCH_EVENTS(BENCH_GROUP)
#undef BENCH_GROUP
};

/* ---- what can be counted -------------------------------------------------------------------- */

/* Writes why an event cannot be counted, and what would help. */
static void explain_error(int error, char *text, size_t size) {
    switch (error) {
    case ENOENT:
    case EOPNOTSUPP:
    case ENODEV:
    case EINVAL:
        snprintf(text, size,
                 "this processor has no such counters, or the virtual machine does not pass them "
                 "on (its host would have to give it a performance monitoring unit)");
        break;
    case EACCES:
    case EPERM:
        snprintf(text, size,
                 "no permission; 'sysctl kernel.perf_event_paranoid=1', as root, gives it "
                 "(/proc/sys/kernel/perf_event_paranoid), unless a container forbids it");
        break;
    default:
        snprintf(text, size, "%s", strerror(error));
    }
}

/* Writes the names of the events that failed with this error. */
static void list_with(const int errors[BENCH_EVENT_COUNT], int error, char *list, size_t size) {
    size_t used = 0;
    for (int i = 0; i < BENCH_EVENT_COUNT; i++) {
        if (errors[i] == error && used < size) {
            used += (size_t)snprintf(list + used, size - used, "%s%s", used ? ", " : "", names[i]);
        }
    }
}

/* Writes one message for each reason, with all events that it applies to. */
static void say_errors(const int errors[BENCH_EVENT_COUNT]) {
    for (int i = 0; i < BENCH_EVENT_COUNT; i++) {
        bool said = errors[i] == 0;
        for (int k = 0; k < i; k++) {
            said = said || errors[k] == errors[i];
        }
        if (!said) {
            char list[256] = "", reason[256];
            list_with(errors, errors[i], list, sizeof list);
            explain_error(errors[i], reason, sizeof reason);
            tool_say("not counted: %s: %s", list, reason);
        }
    }
}

void bench_counters_open(struct bench_counters *counters) {
    int errors[BENCH_EVENT_COUNT] = {0};
    *counters = (struct bench_counters){0};
    for (int i = 0; i < BENCH_EVENT_COUNT; i++) {
        const int opened = bench_perf_open((enum bench_event)i, 0, -1);
        counters->available[i] = opened >= 0;
        counters->any = counters->any || opened >= 0;
        errors[i] = opened < 0 ? -opened : 0;
        if (opened >= 0) {
            bench_perf_close(opened);
        }
    }
    say_errors(errors);
}

/* ---- the threads of this process ------------------------------------------------------------ */

struct threads {
    int *items;
    size_t count;
};

/* Returns the numbers of all threads of this process; the caller frees the items. */
static struct threads list_threads(void) {
    struct threads threads = {NULL, 0};
    DIR *folder = opendir("/proc/self/task");
    const struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        if (entry->d_name[0] != '.') {
            threads.items = tool_grow(threads.items, threads.count, sizeof *threads.items);
            threads.items[threads.count++] = atoi(entry->d_name);
        }
    }
    if (folder) {
        closedir(folder);
    }
    return threads;
}

static bool is_same(const struct threads *a, const struct threads *b) {
    return a->count == b->count && a->count > 0 &&
           memcmp(a->items, b->items, a->count * sizeof *a->items) == 0;
}

/* ---- counting ------------------------------------------------------------------------------- */

/* The open counters of one thread; -1: not open. */
struct open_counters {
    int events[BENCH_EVENT_COUNT];
    int leaders[BENCH_EVENT_GROUPS];
};

static void close_thread(struct open_counters *open) {
    for (int i = 0; i < BENCH_EVENT_COUNT; i++) {
        if (open->events[i] >= 0) {
            bench_perf_close(open->events[i]);
        }
    }
}

/* Opens all available counters for one thread; or none, and returns false. */
static bool open_thread(const struct bench_counters *counters, int thread,
                        struct open_counters *open) {
    memset(open, -1, sizeof *open);
    for (int i = 0; i < BENCH_EVENT_COUNT; i++) {
        if (!counters->available[i]) {
            continue;
        }
        int *leader = &open->leaders[groups[i]];
        open->events[i] = bench_perf_open((enum bench_event)i, thread, *leader);
        if (open->events[i] < 0) {
            close_thread(open);
            return false;
        }
        *leader = *leader < 0 ? open->events[i] : *leader;
    }
    return true;
}

/* The sums over all threads: of the times of each group and of each event. */
struct totals {
    double enabled[BENCH_EVENT_GROUPS], running[BENCH_EVENT_GROUPS];
    double values[BENCH_EVENT_COUNT];
};

static bool add_group(const struct bench_counters *counters, int group, int leader,
                      struct totals *totals) {
    struct bench_reading reading;
    if (!bench_perf_read(leader, &reading)) {
        return false;
    }
    size_t next = 0;
    for (int i = 0; i < BENCH_EVENT_COUNT; i++) {
        if (groups[i] == group && counters->available[i] && next < reading.count) {
            totals->values[i] += (double)reading.values[next++];
        }
    }
    totals->enabled[group] += (double)reading.enabled;
    totals->running[group] += (double)reading.running;
    return true;
}

static bool read_thread(const struct bench_counters *counters, const struct open_counters *open,
                        struct totals *totals) {
    bool read = true;
    for (int g = 0; g < BENCH_EVENT_GROUPS; g++) {
        read = read && (open->leaders[g] < 0 || add_group(counters, g, open->leaders[g], totals));
    }
    return read;
}

/* Scales a group that had to take turns with others up to the whole time. The values of a group
 * that never had its turn are unknown. */
static struct bench_counts finish(const struct bench_counters *counters,
                                  const struct totals *totals, int64_t executions) {
    struct bench_counts counts = {.executions = executions, .running = 1};
    for (int i = 0; i < BENCH_EVENT_COUNT; i++) {
        const double enabled = totals->enabled[groups[i]], running = totals->running[groups[i]];
        counts.known[i] = counters->available[i] && running > 0;
        if (counts.known[i]) {
            counts.values[i] = totals->values[i] * (enabled / running) / (double)executions;
            counts.running =
                running / enabled < counts.running ? running / enabled : counts.running;
        }
    }
    return counts;
}

static void switch_all(const struct open_counters *open, size_t count, void (*change)(int leader)) {
    for (size_t t = 0; t < count; t++) {
        for (int g = 0; g < BENCH_EVENT_GROUPS; g++) {
            if (open[t].leaders[g] >= 0) {
                change(open[t].leaders[g]);
            }
        }
    }
}

/* Counts so many executions in all these threads. Returns false if some of it was not counted. */
static bool count_threads(const struct bench_counters *counters, const struct threads *threads,
                          const struct bench_contender *contender, const struct norma_args *args,
                          int64_t executions, struct totals *totals) {
    struct open_counters *open = tool_allocate(threads->count, sizeof *open);
    size_t count = 0;
    while (count < threads->count && open_thread(counters, threads->items[count], &open[count])) {
        count++;
    }
    bool counted = count == threads->count;
    if (counted) {
        switch_all(open, count, bench_perf_start);
        counted = bench_contender_execute(contender, args, executions) == NORMA_STATUS_OK;
        switch_all(open, count, bench_perf_stop);
    }
    for (size_t t = 0; t < count; t++) {
        counted = counted && read_thread(counters, &open[t], totals);
        close_thread(&open[t]);
    }
    free(open);
    return counted;
}

/* Counts in all threads of this process. Returns false if some of it was not counted, or the
 * threads changed meanwhile. */
static bool count_once(const struct bench_counters *counters,
                       const struct bench_contender *contender, const struct norma_args *args,
                       int64_t executions, struct totals *totals) {
    struct threads before = list_threads();
    *totals = (struct totals){0};
    const bool counted = count_threads(counters, &before, contender, args, executions, totals);
    struct threads after = list_threads();
    const bool same = is_same(&before, &after);
    free(before.items);
    free(after.items);
    return counted && same;
}

/* Returns how often to execute: so often that starting and stopping the counters does not matter,
 * but slow implementations only a few times. */
static int64_t executions_of(const struct bench_contender *contender) {
    enum { SAMPLES = 10 };
    static const double most_seconds = 0.1;
    const int64_t executions = SAMPLES * contender->batch;
    const double seconds = (double)executions * contender->expected;
    return seconds < most_seconds ? executions : (int64_t)(most_seconds / contender->expected) + 1;
}

struct bench_counts bench_counters_take(struct bench_counters *counters,
                                        const struct bench_contender *contender,
                                        const struct norma_args *args) {
    enum { ATTEMPTS = 3, WARMING = 2 };
    if (!counters->any) {
        return (struct bench_counts){0};
    }
    const int64_t executions = executions_of(contender);
    struct totals totals;
    for (int i = 0; i < ATTEMPTS; i++) {
        if (bench_contender_execute(contender, args, WARMING) != NORMA_STATUS_OK) {
            break;
        }
        if (count_once(counters, contender, args, executions, &totals)) {
            return finish(counters, &totals, executions);
        }
    }
    if (!counters->unsteady) {
        counters->unsteady = true;
        tool_say("%s: not counted: its threads come and go, or there are more counters than files "
                 "that may be open (ulimit -n)",
                 contender->implementation->name);
    }
    return (struct bench_counts){0};
}

const char *bench_event_name(enum bench_event event) {
    return names[event];
}

void bench_counts_print(FILE *out, const struct bench_counts *counts) {
    for (int i = 0; i < BENCH_EVENT_COUNT; i++) {
        if (counts->known[i]) {
            fprintf(out, "%s %.6g ", names[i], counts->values[i]);
        }
    }
    fprintf(out, "(of one execution, all threads");
    if (counts->running < 1) {
        fprintf(out, "; scaled, counted %.0f%% of the time", 100 * counts->running);
    }
    fprintf(out, ")");
}

/* ---- the record ----------------------------------------------------------------------------- */

void bench_counts_add(json_t *record, const struct bench_counts *counts) {
    if (counts->executions == 0) {
        return;
    }
    json_t *object = json_object();
    json_object_set_new(object, "executions", json_integer(counts->executions));
    for (int i = 0; i < BENCH_EVENT_COUNT; i++) {
        if (counts->known[i]) {
            json_object_set_new(object, names[i], json_real(counts->values[i]));
        }
    }
    if (counts->running < 1) {
        json_object_set_new(object, "running", json_real(counts->running));
    }
    json_object_set_new(record, "counters", object);
}
