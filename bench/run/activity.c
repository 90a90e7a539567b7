/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "bench/run/activity.h"
#include "verify/harness/tool/tool.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

static const double seconds_between_lines = 1;

static void show(struct bench_activity *activity) {
    const double now = bench_now();
    char text[120];
    int length = snprintf(text, sizeof text, "%.50s: %s", activity->problem, activity->what);
    if (activity->name) {
        length += snprintf(text + length, sizeof text - (size_t)length, " %.32s", activity->name);
    }
    if (now - activity->since >= 1) {
        snprintf(text + length, sizeof text - (size_t)length, ", %.0f s", now - activity->since);
    }
    activity->shown = now;
    bench_progress_show(activity->progress, text);
}

static struct timespec next_tick(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_sec++;
    return time;
}

static void *tick(void *context) {
    struct bench_activity *activity = context;
    pthread_mutex_lock(&activity->mutex);
    while (activity->ticks) {
        const struct timespec until = next_tick();
        if (pthread_cond_timedwait(&activity->end, &activity->mutex, &until) == ETIMEDOUT) {
            show(activity);
        }
    }
    pthread_mutex_unlock(&activity->mutex);
    return NULL;
}

static void open_locks(struct bench_activity *activity) {
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&activity->mutex, NULL);
    pthread_cond_init(&activity->end, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

static void close_locks(struct bench_activity *activity) {
    pthread_cond_destroy(&activity->end);
    pthread_mutex_destroy(&activity->mutex);
}

void bench_activity_begin(struct bench_activity *activity, const char *what) {
    open_locks(activity);
    activity->what = what;
    activity->name = NULL;
    activity->since = bench_now();
    show(activity);
    activity->ticks = true;
    if (pthread_create(&activity->ticker, NULL, tick, activity) != 0) {
        activity->ticks = false; /* it is shown once, which is enough for small problems */
        close_locks(activity);
    }
}

void bench_activity_end(struct bench_activity *activity) {
    if (!activity->ticks) {
        return;
    }
    pthread_mutex_lock(&activity->mutex);
    activity->ticks = false;
    pthread_cond_signal(&activity->end);
    pthread_mutex_unlock(&activity->mutex);
    pthread_join(activity->ticker, NULL);
    close_locks(activity);
}

void bench_activity_turn(struct bench_activity *activity, const char *name) {
    if (activity->ticks) {
        pthread_mutex_lock(&activity->mutex);
        activity->name = name;
        pthread_mutex_unlock(&activity->mutex);
    }
}

void bench_activity_show_timing(struct bench_activity *activity, const char *name) {
    const double now = bench_now();
    if (activity->ticks || now - activity->shown < seconds_between_lines) {
        return;
    }
    activity->what = "timing";
    activity->name = name;
    activity->since = now;
    show(activity);
}
