/* Counting on a made-up processor, which decides what it can count, how groups take turns, and what
 * a thread counts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/measure/counters.h"
#include "bench/measure/sampling.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- replacements for perf.c ---------------------------------------------------------------- */

enum { MOST = 4096 };

static struct {
    int errors[BENCH_EVENT_COUNT]; /* the error of opening; 0: it succeeds */
    uint64_t enabled[BENCH_EVENT_GROUPS], running[BENCH_EVENT_GROUPS];
    enum bench_event events[MOST];
    int leaders[MOST];
    int threads[MOST];
    int busy[2]; /* the threads that have something to count: the caller and another; 0: none */
    bool counts[MOST]; /* whether its group is started */
    int opened, open;
    int executions; /* the number of them while something counts */
    bool counting;
} fake;

static const int groups[BENCH_EVENT_COUNT] = {
#define BENCH_GROUP(upper, name, group) group,
    BENCH_EVENTS(BENCH_GROUP)
#undef BENCH_GROUP
};

int bench_perf_open(enum bench_event event, int thread, int leader) {
    if (fake.errors[event]) {
        return -fake.errors[event];
    }
    const int counter = fake.opened++;
    cr_assert(counter < MOST);
    cr_assert(leader < 0 || groups[fake.events[leader]] == groups[event]);
    fake.events[counter] = event;
    fake.threads[counter] = thread;
    fake.leaders[counter] = leader < 0 ? counter : leader;
    fake.open++;
    return counter;
}

void bench_perf_start(int leader) {
    cr_assert(fake.leaders[leader] == leader);
    fake.counts[leader] = fake.counting = true;
}

void bench_perf_stop(int leader) {
    fake.counts[leader] = fake.counting = false;
}

/* Reports 1000 (e + 1) counts of event number e for each execution in a busy thread, for the
 * fraction of the time that its group runs. */
bool bench_perf_read(int leader, struct bench_reading *reading) {
    const int group = groups[fake.events[leader]], thread = fake.threads[leader];
    const bool busy = thread == fake.busy[0] || thread == fake.busy[1];
    *reading = (struct bench_reading){.enabled = busy ? fake.enabled[group] : 0,
                                      .running = busy ? fake.running[group] : 0};
    for (int i = 0; i < fake.opened; i++) {
        if (fake.leaders[i] == leader) {
            const uint64_t all = 1000 * ((uint64_t)fake.events[i] + 1) * (uint64_t)fake.executions;
            reading->values[reading->count++] =
                busy ? all * fake.running[group] / fake.enabled[group] : 0;
        }
    }
    return true;
}

void bench_perf_close(int counter) {
    (void)counter;
    fake.open--;
}

/* ---- what is counted ------------------------------------------------------------------------ */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int newest; /* the number of the thread that was created last */

static void *wait_for_lock(void *unused) {
    newest = (int)syscall(SYS_gettid);
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    return unused;
}

static bool new_threads; /* each execution creates a thread, which stays */

static norma_status execute(void *state, const struct norma_args *args) {
    (void)state;
    (void)args;
    fake.executions += fake.counting;
    pthread_t thread;
    if (new_threads) {
        cr_assert(pthread_create(&thread, NULL, wait_for_lock, NULL) == 0);
        pthread_detach(thread);
    }
    return NORMA_STATUS_OK;
}

static const struct reference_implementation executed = {.name = "executed", .execute = execute};

static struct bench_contender contender;
static struct bench_counters counters;
static const struct norma_args args;

static void open_all(void) {
    cr_redirect_stderr();
    fake.busy[0] = (int)syscall(SYS_gettid);
    contender = (struct bench_contender){.implementation = &executed, .batch = 3, .expected = 1e-6};
    for (int g = 0; g < BENCH_EVENT_GROUPS; g++) {
        fake.enabled[g] = fake.running[g] = 4000;
    }
}

TestSuite(counters, .init = open_all);

static const char *said(void) {
    static char text[4096];
    fflush(stderr);
    FILE *file = cr_get_redirected_stderr();
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    return text;
}

Test(counters, means_of_one_execution) {
    bench_counters_open(&counters);
    cr_expect_eq(fake.open, 0);
    const struct bench_counts counts = bench_counters_take(&counters, &contender, &args);
    cr_expect_eq(counts.executions, 30);
    cr_expect_eq(fake.executions, 30);
    cr_expect_eq(fake.open, 0, "all are closed");
    cr_expect_eq(counts.running, 1);
    for (int i = 0; i < BENCH_EVENT_COUNT; i++) {
        cr_expect(counts.known[i]);
        cr_expect_float_eq(counts.values[i], 1000 * (i + 1), 1e-6, "%s: %g",
                           bench_event_name((enum bench_event)i), counts.values[i]);
    }
}

Test(counters, all_threads_are_added_up) {
    pthread_t thread;
    pthread_mutex_lock(&lock);
    cr_assert(pthread_create(&thread, NULL, wait_for_lock, NULL) == 0);
    while (newest == 0) {
        sched_yield();
    }
    fake.busy[1] = newest;
    bench_counters_open(&counters);
    const struct bench_counts counts = bench_counters_take(&counters, &contender, &args);
    pthread_mutex_unlock(&lock);
    pthread_join(thread, NULL);
    cr_expect_float_eq(counts.values[BENCH_EVENT_INSTRUCTIONS], 4000, 1e-6);
}

Test(counters, groups_that_took_turns_are_scaled) {
    bench_counters_open(&counters);
    fake.running[0] = 3000;
    fake.running[1] = 1000;
    const struct bench_counts counts = bench_counters_take(&counters, &contender, &args);
    cr_expect_float_eq(counts.values[BENCH_EVENT_CYCLES], 1000, 1e-6);
    cr_expect_float_eq(counts.values[BENCH_EVENT_DTLB_MISSES], 6000, 1e-6);
    cr_expect_float_eq(counts.running, 0.25, 1e-9, "the least");
}

Test(counters, a_group_that_never_had_its_turn_is_not_known) {
    bench_counters_open(&counters);
    fake.running[1] = 0;
    const struct bench_counts counts = bench_counters_take(&counters, &contender, &args);
    cr_expect(counts.known[BENCH_EVENT_CYCLES]);
    cr_expect(!counts.known[BENCH_EVENT_LLC_MISSES]);
    cr_expect(counts.known[BENCH_EVENT_PAGE_FAULTS]);
    cr_expect_eq(counts.running, 1);
}

Test(counters, a_machine_without_some_counts_the_others) {
    fake.errors[BENCH_EVENT_CYCLES] = fake.errors[BENCH_EVENT_LLC_MISSES] = ENOENT;
    fake.errors[BENCH_EVENT_CONTEXT_SWITCHES] = EACCES;
    bench_counters_open(&counters);
    const struct bench_counts counts = bench_counters_take(&counters, &contender, &args);
    cr_expect(!counts.known[BENCH_EVENT_CYCLES] && !counts.known[BENCH_EVENT_LLC_MISSES]);
    cr_expect_float_eq(counts.values[BENCH_EVENT_INSTRUCTIONS], 2000, 1e-6);
    cr_expect_float_eq(counts.values[BENCH_EVENT_DTLB_MISSES], 6000, 1e-6);
    const char *text = said();
    cr_expect(strstr(text, "not counted: cycles, llc_load_misses: this processor"), "%s", text);
    cr_expect(strstr(text, "not counted: context_switches: no permission"), "%s", text);
    cr_expect(strstr(text, "perf_event_paranoid"), "%s", text);
}

Test(counters, a_machine_without_any_goes_on_without) {
    for (int i = 0; i < BENCH_EVENT_COUNT; i++) {
        fake.errors[i] = EPERM;
    }
    bench_counters_open(&counters);
    cr_expect(!counters.any);
    cr_expect_eq(bench_counters_take(&counters, &contender, &args).executions, 0);
    const char *text = said();
    const char *first = strstr(text, "no permission");
    cr_expect(first && !strstr(first + 1, "no permission"), "once: %s", text);
}

Test(counters, those_not_asked_for_execute_nothing) {
    cr_expect_eq(bench_counters_take(&counters, &contender, &args).executions, 0);
    cr_expect_eq(fake.opened, 0);
}

Test(counters, threads_that_come_are_not_left_out_silently) {
    bench_counters_open(&counters);
    pthread_mutex_lock(&lock);
    new_threads = true;
    contender.expected = 1; /* one execution */
    cr_expect_eq(bench_counters_take(&counters, &contender, &args).executions, 0);
    cr_expect_eq(bench_counters_take(&counters, &contender, &args).executions, 0);
    pthread_mutex_unlock(&lock);
    const char *text = said();
    const char *first = strstr(text, "executed: not counted");
    cr_expect(first && !strstr(first + 1, "executed: not counted"), "once: %s", text);
    cr_expect_eq(fake.open, 0);
}

Test(counters, slow_ones_are_executed_once) {
    bench_counters_open(&counters);
    contender.expected = 2;
    contender.batch = 1;
    cr_expect_eq(bench_counters_take(&counters, &contender, &args).executions, 1);
}

/* ---- the record ----------------------------------------------------------------------------- */

Test(counters, the_record_has_what_is_known) {
    struct bench_counts counts = {.executions = 30, .running = 0.5};
    counts.known[BENCH_EVENT_CYCLES] = true;
    counts.values[BENCH_EVENT_CYCLES] = 1234.5;
    json_t *record = json_object();
    bench_counts_add(record, &counts);
    const json_t *object = json_object_get(record, "counters");
    cr_expect_eq(json_object_size(object), 3);
    cr_expect_eq(json_integer_value(json_object_get(object, "executions")), 30);
    cr_expect_float_eq(json_real_value(json_object_get(object, "cycles")), 1234.5, 1e-9);
    cr_expect_float_eq(json_real_value(json_object_get(object, "running")), 0.5, 1e-9);
    json_decref(record);
    record = json_object();
    bench_counts_add(record, &(struct bench_counts){0});
    cr_expect_eq(json_object_size(record), 0, "none where nothing was counted");
    json_decref(record);
}
