/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/explain/explanation.h"
#include "bench/measure/measure.h"

#include <stdio.h>
#include <string.h>

/* ---- numbers with units --------------------------------------------------------------------- */

enum { NUMBER = 32 };

/* Prints the value in the largest of four units that leaves at least 1. Each unit is `step` times
 * the one before. */
static const char *in_units(double value, double step, const char *const units[4],
                            char text[NUMBER]) {
    size_t unit = 0;
    while (value >= step && unit < 3) {
        value /= step;
        unit++;
    }
    snprintf(text, NUMBER, "%.*g %s", step > 1000 ? 4 : 3, value, units[unit]);
    return text;
}

/* Prints "256 KiB". */
static const char *in_bytes(int64_t bytes, char text[NUMBER]) {
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB"};
    return in_units((double)bytes, 1024, units, text);
}

/* Prints "1.25 ms". */
static const char *in_seconds(double seconds, char text[NUMBER]) {
    static const char *const units[] = {"ns", "us", "ms", "s"};
    return in_units(1e9 * seconds, 1000, units, text);
}

/* Returns the ending of a noun with this number. */
static const char *plural(int64_t count) {
    return count == 1 ? "" : "s";
}

/* ---- the plan ------------------------------------------------------------------------------- */

static const char *choice_of(const struct bench_explanation *explanation) {
    if (explanation->options->set) {
        return explanation->options->set_loaded ? "loaded" : "asked for by --impl";
    }
    return explanation->choice && *explanation->choice
               ? "the fastest of this machine that NORMA_SETS leaves"
               : "the fastest of this machine";
}

static void print_set(const struct bench_explanation *explanation) {
    printf("set        %s: %s\n", explanation->plan.set->name, choice_of(explanation));
    for (size_t i = 0; i < explanation->set_count; i++) {
        const struct norma_set *set = norma_set_at(i);
        char text[300];
        const char *absence = bench_explain_absence(explanation, set, text, sizeof text);
        if (absence) {
            printf("           not %s: %s\n", set->name, absence);
        } else if (set != explanation->plan.set) {
            printf("           %s could run as well\n", set->name);
        }
    }
}

static void print_tuning(const struct bench_explanation *explanation) {
    const struct norma_description *plan = &explanation->plan;
    char size[NUMBER], l1[NUMBER], l2[NUMBER], last[NUMBER];
    printf("class      %s: x and y have %s (caches: L1 %s, L2 %s, last %s)\n",
           norma_size_class_name(plan->size), in_bytes(plan->size_bytes, size),
           in_bytes(explanation->l1, l1), in_bytes(norma_size_class_end(NORMA_CLASS_L2), l2),
           in_bytes(norma_size_class_end(NORMA_CLASS_L3), last));
    printf("tuning    ");
    for (size_t i = 0; norma_tuning_parameter(i); i++) {
        printf(" %s=%lld", norma_tuning_parameter(i)->name,
               (long long)norma_tuning_get(&plan->tuning, i));
    }
    printf("\n           from %s\n", plan->profile ? plan->profile : "the defaults");
}

static void print_way(const struct bench_explanation *explanation) {
    const struct norma_description *plan = &explanation->plan;
    char bytes[NUMBER];
    printf("way        %s, by %s", bench_explain_way(explanation), bench_explain_mode(plan));
    if (plan->mixes_samples) {
        printf(": every sample depends on every other; all sums are taken, then all applied\n");
        return;
    }
    if (plan->two_phase) {
        printf(": %lld independent statistics set%s for %d threads; all sums are taken, then all "
               "applied\n",
               (long long)plan->split.sets, plural(plan->split.sets), plan->split.threads);
        return;
    }
    printf(": %lld tile%s of %lld sample%s x %lld channel%s, %s each: fits %s\n",
           (long long)plan->tiles, plural(plan->tiles), (long long)plan->tile_samples,
           plural(plan->tile_samples), (long long)plan->tile_channels, plural(plan->tile_channels),
           in_bytes(plan->tile_bytes, bytes), bench_explain_level(explanation, plan->tile_bytes));
}

static void print_chunks(const struct norma_chunking *chunks) {
    if (chunks->length == 0) {
        printf("chunks     none: no sums are merged from pieces\n");
        return;
    }
    printf("chunks     sums of up to %lld %s each, %lld of each set\n", (long long)chunks->length,
           chunks->rows ? "rows" : "elements", (long long)chunks->count);
}

static void print_stores(const struct norma_description *plan) {
    const long long shortest = plan->tuning.stream_elements;
    if (shortest == 0) {
        printf("stores     plain: stream_elements=0 in this class\n");
    } else if (!plan->stream && (plan->columns || plan->spatial >= shortest)) {
        printf("stores     plain, as always with an alpha per element or planes with regions\n");
    } else if (plan->columns) {
        printf("stores     past the caches, unless in place: stream_elements=%lld, and rows are "
               "stored all or none\n",
               shortest);
    } else {
        printf("stores     %s: planes of %lld elements, stream_elements=%lld\n",
               plan->stream ? "past the caches, unless in place" : "plain",
               (long long)plan->spatial, shortest);
    }
    if (plan->prefetch_distance > 0) {
        printf("prefetch   the next tile, %lld elements ahead, while this one is stored\n",
               (long long)plan->prefetch_distance);
    } else {
        printf(
            "prefetch   none: only for tiles stored past the caches, of at most ahead_bytes=%lld\n",
            (long long)plan->tuning.ahead_bytes);
    }
}

static void print_threads(const struct bench_explanation *explanation) {
    const struct norma_work_split *split = &explanation->plan.split;
    const long long least = split->units / split->threads;
    const long long most = (split->units + split->threads - 1) / split->threads;
    const char *unit = bench_explain_unit(split->unit);
    const char *end = split->unit == NORMA_WORK_UNIT_ROWS ? " of 16" : plural(most);
    char reason[160];
    bench_explain_threads(explanation, reason, sizeof reason);
    printf("threads    %d of %d: ", split->threads, explanation->threads);
    if (least == most) {
        printf("%lld %s%s each", most, unit, end);
    } else {
        printf("%lld or %lld %s%s each", least, most, unit, end);
    }
    printf("%s%s\n", *reason ? "; no more, as " : "", reason);
}

static void print_bytes(const struct bench_explanation *explanation) {
    const struct norma_description *plan = &explanation->plan;
    const char *read =
        reference_is_backward(&explanation->options->problem) ? "x and dy are" : "x is";
    const char *level = bench_explain_level(explanation, plan->between_readings);
    char bytes[NUMBER], between[NUMBER], workspace[NUMBER];
    printf("workspace  %s\n", in_bytes((int64_t)plan->workspace, workspace));
    if (plan->readings == 1) {
        printf("reading    %s read once\n", read);
    } else {
        printf("reading    %s read twice, the second time from %s: a thread reads %s in between\n",
               read, level, in_bytes(plan->between_readings, between));
    }
    printf("bytes      %s at the least%s\n", in_bytes(bench_explain_bytes(explanation), bytes),
           plan->readings > 1 && strcmp(level, "memory") == 0 ? ", the second reading included"
                                                              : "");
}

/* ---- time ----------------------------------------------------------------------------------- */

static void print_times(const struct bench_explanation *explanation) {
    const struct norma_problem *problem = &explanation->options->problem;
    const struct bench_estimate *time = &explanation->time;
    const double limit = (double)bench_bytes_of_ceiling(problem) / explanation->ceiling_time.median;
    const double rate = (double)bench_bytes_moved(problem) / time->median;
    char a[NUMBER], b[NUMBER], c[NUMBER];
    printf("ceiling    %s: %s, %.3g GB/s; for these bytes %s\n", explanation->ceiling,
           in_seconds(explanation->ceiling_time.median, a), limit / 1e9,
           in_seconds(bench_explain_prediction(explanation), b));
    printf("time       %s [%s, %s], %.3g GB/s, share %.2f\n", in_seconds(time->median, a),
           in_seconds(time->low, b), in_seconds(time->high, c), rate / 1e9, rate / limit);
    printf("watching   takes %.3f [%.3f, %.3f] times as long; below is a typical one of %zu "
           "executions,\n"
           "           for each thread, without the %s that reading the clock took:\n",
           explanation->slowdown.median, explanation->slowdown.low, explanation->slowdown.high,
           explanation->watched.executions,
           in_seconds(explanation->watched.timer_overhead / explanation->plan.split.threads, a));
}

/* Prints the mean over the threads, so that the rows add up to the time. */
static void print_row(const struct bench_explanation *explanation, const char *name,
                      const struct bench_elapsed *elapsed) {
    const int threads = explanation->plan.split.threads;
    char time[NUMBER];
    printf("%-24s %10s %5.1f%%", name, in_seconds(elapsed->seconds / threads, time),
           100 * elapsed->seconds / bench_explain_thread_seconds(explanation));
    if (elapsed->calls > 0) {
        printf(" %9.0f %12.0f %10.3f", elapsed->calls, elapsed->elements,
               1e9 * elapsed->seconds / elapsed->elements);
    }
    if (elapsed->calls > 0 && bench_explain_cycles(explanation) > 0) {
        printf(" %8.3f", bench_explain_cycles(explanation) * elapsed->seconds / elapsed->elements);
    }
    printf("\n");
}

static void print_primitives(const struct bench_explanation *explanation, enum bench_stage stage) {
    for (int i = 0; i < BENCH_PRIMITIVE_COUNT; i++) {
        const enum bench_primitive primitive = (enum bench_primitive)i;
        const struct bench_elapsed *elapsed = &explanation->watched.primitives[i];
        if (bench_primitive_stage(primitive) == stage && elapsed->calls > 0) {
            char name[64];
            snprintf(name, sizeof name, "    %s", bench_primitive_name(primitive));
            print_row(explanation, name, elapsed);
        }
    }
}

static void print_stages(const struct bench_explanation *explanation) {
    printf("%-24s %10s %6s %9s %12s %10s%s\n", "stage, primitive", "time", "share", "calls",
           "elements", "ns/element", bench_explain_cycles(explanation) > 0 ? " cycles/e" : "");
    for (int i = 0; i < BENCH_STAGE_COUNT; i++) {
        const enum bench_stage stage = (enum bench_stage)i;
        const struct bench_elapsed elapsed = bench_stage_elapsed(&explanation->watched, stage);
        if (elapsed.calls > 0) {
            print_row(explanation, bench_stage_name(stage), &elapsed);
            print_primitives(explanation, stage);
        }
    }
    const struct bench_elapsed coefficients = {.seconds = bench_explain_coefficients(explanation)};
    const struct bench_elapsed waiting = {.seconds = bench_explain_waiting(explanation)};
    print_row(explanation, "coefficients", &coefficients);
    if (explanation->plan.split.threads > 1) {
        print_row(explanation, "waking, waiting", &waiting);
    }
}

/* Names the primitives whose calls are too short for the clock. */
static void print_clock(const struct bench_watched *watched) {
    for (int i = 0; i < BENCH_PRIMITIVE_COUNT; i++) {
        const struct bench_elapsed *elapsed = &watched->primitives[i];
        char call[NUMBER], reading[NUMBER];
        if (bench_is_below_clock(watched, elapsed)) {
            printf("clock      a call of %s takes %s, reading the clock %s: its time is not known "
                   "well\n",
                   bench_primitive_name((enum bench_primitive)i),
                   in_seconds(elapsed->seconds / elapsed->calls, call),
                   in_seconds(watched->reading, reading));
        }
    }
}

static void print_counts(const struct bench_counts *counts) {
    if (counts->executions == 0) {
        return;
    }
    printf("counters   ");
    bench_counts_print(stdout, counts);
    printf("\n");
}

void bench_explain_print(const struct bench_explanation *explanation) {
    printf("problem    %s\n", explanation->options->text);
    print_set(explanation);
    print_tuning(explanation);
    print_way(explanation);
    print_chunks(&explanation->plan.chunks);
    print_stores(&explanation->plan);
    print_threads(explanation);
    print_bytes(explanation);
    if (explanation->measured) {
        print_times(explanation);
        print_stages(explanation);
        print_clock(&explanation->watched);
        print_counts(&explanation->counts);
    }
}
