/* The conditions record of a run, and the noise of a single core.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _DEFAULT_SOURCE
#include "bench/machine/conditions.h"
#include "bench/machine/machine_record.h"
#include "bench/measure/measure.h"
#include "verify/harness/tool/tool.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* The limits above which a warning is due. A process that computes has a whole processor; what a
 * quiet system does besides takes some percent of each. */
static const double noisy = 0.05, stolen = 0.01, busy = 0.5, busy_of_each = 0.05;

/* Ten clock ticks: longer than the time slices in which others run, and no wait for a user. */
static const struct timespec looking = {.tv_nsec = 100000000};

/* ---- what disturbs -------------------------------------------------------------------------- */

struct bench_ticks bench_ticks_read(const char *root, hwloc_const_cpuset_t processors) {
    struct bench_ticks ticks = {0};
    char path[PATH_MAX], line[512];
    snprintf(path, sizeof path, "%s/proc/stat", root);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) {
        unsigned processor;
        unsigned long long parts[8] = {
            0}; /* idle and the wait for a disk are the fourth and fifth */
        if (sscanf(line, "cpu%u %llu %llu %llu %llu %llu %llu %llu %llu", &processor, &parts[0],
                   &parts[1], &parts[2], &parts[3], &parts[4], &parts[5], &parts[6],
                   &parts[7]) >= 6 &&
            hwloc_bitmap_isset(processors, processor)) {
            ticks.idle += (double)(parts[3] + parts[4]);
            for (int i = 0; i < 8; i++) {
                ticks.total += (double)parts[i];
            }
        }
    }
    if (file) {
        fclose(file);
    }
    return ticks;
}

double bench_busy_processors(struct bench_ticks before, struct bench_ticks after, int count) {
    const double total = after.total - before.total, idle = after.idle - before.idle;
    return total > 0 && idle < total ? (double)count * (1 - idle / total) : 0;
}

/* Looks at the processors that the binding has, while this process sleeps. The load average is no
 * measure of it: it is that of the whole machine, and of the minute before, of which one's own last
 * run may be a part. */
static double busy_now(const struct bench_cpu_binding *binding) {
    hwloc_bitmap_t all = hwloc_bitmap_alloc();
    for (int i = 0; i < binding->count; i++) {
        hwloc_bitmap_or(all, all, binding->sets[i]);
    }
    const struct bench_ticks before = bench_ticks_read("", all);
    nanosleep(&looking, NULL);
    const struct bench_ticks after = bench_ticks_read("", all);
    hwloc_bitmap_free(all);
    return bench_busy_processors(before, after, binding->count);
}

static double load_average(void) {
    double load;
    return getloadavg(&load, 1) == 1 ? load : 0;
}

/* Reads the ticks of all processors: those stolen by the hypervisor, and all. Both are 0 where the
 * system does not tell. */
static void read_steal(double *steal, double *total) {
    unsigned long long ticks[8] = {0}; /* user nice system idle iowait irq softirq steal */
    FILE *file = fopen("/proc/stat", "r");
    *steal = *total = 0;
    if (!file) {
        return;
    }
    int got = fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &ticks[0], &ticks[1],
                     &ticks[2], &ticks[3], &ticks[4], &ticks[5], &ticks[6], &ticks[7]);
    fclose(file);
    for (int i = 0; i < got; i++) {
        *total += (double)ticks[i];
    }
    *steal = got == 8 ? (double)ticks[7] : 0;
}

static long involuntary_switches(void) {
    struct rusage own, workers;
    return getrusage(RUSAGE_SELF, &own) == 0 && getrusage(RUSAGE_CHILDREN, &workers) == 0
               ? own.ru_nivcsw + workers.ru_nivcsw
               : 0;
}

static struct bench_disturbance disturbance_now(void) {
    struct bench_disturbance now = {.switches = involuntary_switches()};
    read_steal(&now.steal, &now.total);
    return now;
}

static struct bench_disturbance disturbance_since(const struct bench_disturbance *before) {
    struct bench_disturbance now = disturbance_now();
    return (struct bench_disturbance){now.steal - before->steal, now.total - before->total,
                                      now.switches - before->switches};
}

static double steal_share(const struct bench_disturbance *during) {
    return during->total > 0 ? during->steal / during->total : 0;
}

/* ---- the conditions record ------------------------------------------------------------------ */

void bench_conditions_warn(struct bench_conditions *conditions, const char *format, ...) {
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    tool_say("warning: %s", text);
    json_array_append_new(conditions->warnings, json_string(text));
}

static void warn_of_settings(struct bench_conditions *conditions, int processors) {
    char text[64];
    bench_governor(text, sizeof text);
    if (strcmp(text, "powersave") == 0) {
        bench_conditions_warn(conditions, "the frequency governor is 'powersave'; 'performance' "
                                          "measures the processor and not the governor");
    }
    bench_huge_pages(text, sizeof text);
    if (strcmp(text, "never") == 0) {
        bench_conditions_warn(conditions, "transparent huge pages are off ('never'); large tensors "
                                          "pay for small pages");
    }
    if (conditions->busy > busy + busy_of_each * processors) {
        bench_conditions_warn(conditions,
                              "other programs are running: of the processors that this process "
                              "may use, %.1f of %d were busy before it began",
                              conditions->busy, processors);
    }
    if (conditions->quota.processors > 0) {
        bench_conditions_warn(conditions,
                              "a control group leaves %.3g processors to this process; more "
                              "threads than that are stopped while they are measured",
                              conditions->quota.processors);
    }
}

void bench_conditions_start(struct bench_conditions *conditions,
                            const struct bench_cpu_binding *binding) {
    *conditions = (struct bench_conditions){
        .started = bench_now(),
        .load = load_average(),
        .busy = busy_now(binding),
        .quota = bench_quota_read(""),
        .before = disturbance_now(),
        .warnings = json_array(),
    };
    warn_of_settings(conditions, binding->count);
}

void bench_conditions_note(struct bench_conditions *conditions,
                           const struct bench_quality *quality) {
    conditions->errors =
        tool_grow(conditions->errors, conditions->error_count, sizeof conditions->errors[0]);
    conditions->errors[conditions->error_count++] = quality->relative_error;
    conditions->samples += quality->samples;
    conditions->disturbed += quality->disturbed;
    conditions->uncertain += quality->uncertain;
}

static void warn_of_uncertain(struct bench_conditions *conditions) {
    if (conditions->uncertain > 0) {
        bench_conditions_warn(conditions,
                              "%zu of %zu measurements are uncertain: other work had a core during "
                              "so many samples that too few were left",
                              conditions->uncertain, conditions->error_count);
    }
}

json_t *bench_conditions_finish(struct bench_conditions *conditions, bool interrupted) {
    const struct bench_disturbance during = disturbance_since(&conditions->before);
    const double steal = steal_share(&during);
    double noise =
        conditions->error_count ? bench_median(conditions->errors, conditions->error_count) : 0;
    if (steal > stolen) {
        bench_conditions_warn(conditions,
                              "%.1f%% of the processors' time went to other guests of "
                              "this host",
                              100 * steal);
    }
    if (noise > noisy) {
        bench_conditions_warn(conditions,
                              "the figures are noisy: half of them have an error above %.0f%%",
                              100 * noise);
    }
    warn_of_uncertain(conditions);
    const struct bench_quota quota = bench_quota_read("");
    const double throttled = quota.throttled - conditions->quota.throttled;
    const double throttled_seconds = quota.throttled_seconds - conditions->quota.throttled_seconds;
    if (throttled > 0) {
        bench_conditions_warn(conditions,
                              "the control group's quota was used up %.0f times, and this process "
                              "stopped for %.2f s",
                              throttled, throttled_seconds);
    }
    free(conditions->errors);
    return json_pack(
        "{s:s, s:i, s:f, s:b, s:f, s:I, s:f, s:o, s:f, s:I, s:I, s:I, s:f, s:f, s:f}", "type",
        "conditions", "schema", 1, "seconds", bench_now() - conditions->started, "interrupted",
        interrupted, "steal_share", steal, "involuntary_switches", (json_int_t)during.switches,
        "noise", noise, "warnings", conditions->warnings, "load_average", conditions->load,
        "samples", (json_int_t)conditions->samples, "disturbed", (json_int_t)conditions->disturbed,
        "uncertain", (json_int_t)conditions->uncertain, "busy", conditions->busy,
        "throttled_periods", throttled, "throttled_seconds", throttled_seconds);
}

/* ---- the noise record ----------------------------------------------------------------------- */

/* Longer than any reading of the clock takes, shorter than a switch to another program. */
static const double least_gap = 10e-6;

struct gaps {
    double seconds, lost, worst;
    json_int_t count;
};

static struct gaps spin(double seconds) {
    struct gaps gaps = {0};
    const double start = bench_now();
    double last = start;
    while (last - start < seconds && !tool_interrupted()) {
        const double now = bench_now(), gap = now - last;
        if (gap > least_gap) {
            gaps.lost += gap;
            gaps.count++;
        }
        gaps.worst = gap > gaps.worst ? gap : gaps.worst;
        last = now;
    }
    gaps.seconds = last - start;
    return gaps;
}

json_t *bench_noise_record(double seconds) {
    const struct bench_disturbance before = disturbance_now();
    const struct gaps gaps = spin(seconds);
    const struct bench_disturbance during = disturbance_since(&before);
    return json_pack("{s:f, s:f, s:I, s:f, s:f, s:I}", "seconds", gaps.seconds, "worst_gap",
                     gaps.worst, "gaps", gaps.count, "lost_share",
                     gaps.seconds > 0 ? gaps.lost / gaps.seconds : 0.0, "steal_share",
                     steal_share(&during), "involuntary_switches", (json_int_t)during.switches);
}
