/* A primitive gets its work and nothing else, so what the watching ones add to is static here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/explain/primitive_times.h"
#include "bench/measure/measure.h"
#include "verify/harness/harness.h"
#include "verify/harness/tool/tool.h"
#include <norma_tools.h>

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { EXECUTIONS = 4096, LINE = 64 }; /* that are kept; bytes of a cache line */

/* The time of one thread. No cache line has parts of two lanes. */
struct lane {
    struct bench_elapsed primitives[BENCH_PRIMITIVE_COUNT];
    double first, last; /* when its first primitive began and its last one ended; 0: it ran none */
    char apart[LINE];
};

struct execution {
    double seconds, outside;
    struct bench_elapsed primitives[BENCH_PRIMITIVE_COUNT];
};

static struct {
    struct reference_implementation implementation; /* the watched one */
    const struct reference_implementation *real;
    const struct norma_set *set; /* that of `real` */
    int threads;                 /* of the plan */
    struct lane *lanes;
    struct execution *executions;
    size_t count;
} watch;

/* ---- names ---------------------------------------------------------------------------------- */

const char *bench_stage_name(enum bench_stage stage) {
    static const char *const names[] = {
#define BENCH_NAME(upper, name) name,
        BENCH_STAGES(BENCH_NAME)
#undef BENCH_NAME
    };
    return names[stage];
}

const char *bench_primitive_name(enum bench_primitive primitive) {
    static const char *const names[] = {
#define BENCH_NAME(name, stage) #name,
        NORMA_PRIMITIVES(BENCH_NAME)
#undef BENCH_NAME
    };
    return names[primitive];
}

enum bench_stage bench_primitive_stage(enum bench_primitive primitive) {
    static const enum bench_stage stages[] = {
#define BENCH_STAGE(name, stage) BENCH_STAGE_##stage,
        NORMA_PRIMITIVES(BENCH_STAGE)
#undef BENCH_STAGE
    };
    return stages[primitive];
}

/* ---- the watching set ----------------------------------------------------------------------- */

static void note(enum bench_primitive primitive, int64_t elements, double start) {
    struct lane *lane = &watch.lanes[omp_get_thread_num()];
    struct bench_elapsed *elapsed = &lane->primitives[primitive];
    lane->first = lane->first > 0 ? lane->first : start;
    lane->last = bench_now();
    elapsed->seconds += lane->last - start;
    elapsed->calls++;
    elapsed->elements += (double)elements;
}

/* Defines watch_NAME, which runs the set's primitive of that name with these parameters, and notes
 * its time and the elements that it goes over: `count` times `length`. */
#define WATCH(name, parameters, arguments, length, count)                                          \
    static void watch_##name parameters {                                                          \
        const double start = bench_now();                                                          \
        watch.set->name arguments;                                                                 \
        note(BENCH_PRIMITIVE_##name, (length) * (count), start);                                   \
    }

WATCH(moments,
      (const void *x, int64_t length, int64_t spans, const struct norma_selection *selection,
       double *mean, double *m2),
      (x, length, spans, selection, mean, m2), length, spans)
WATCH(moments_columns,
      (const void *x, int64_t rows, int64_t stride, int64_t columns, double *mean, double *m2),
      (x, rows, stride, columns, mean, m2), columns, rows)

#define WATCH_WORK(name, type, count)                                                              \
    WATCH(name, (const struct type *work), (work), work->length, count)
#define WATCH_COLUMNS(name, type)                                                                  \
    WATCH(name, (const struct type *work, int64_t stride), (work, stride), work->length,           \
          work->spans)

WATCH_WORK(apply, norma_apply, work->spans)
WATCH_WORK(gradient_sums, norma_gradient_sums, work->spans)
WATCH_WORK(gradient_apply, norma_gradient_apply, work->spans)
WATCH_COLUMNS(apply_columns, norma_apply)
WATCH_COLUMNS(gradient_sums_columns, norma_gradient_sums)
WATCH_COLUMNS(gradient_apply_columns, norma_gradient_apply)
WATCH_WORK(apply_rows, norma_row_apply, work->rows)
WATCH_WORK(row_sums, norma_row_gradient, work->rows)
WATCH_WORK(row_gradient, norma_row_gradient, work->rows)
WATCH_WORK(blend, norma_blend, 1)
WATCH_WORK(blend_gradient, norma_blend, 1)
WATCH_WORK(blend_alpha, norma_blend_alpha, work->samples)

static double watch_blend_product(const struct norma_blend *work, double weight) {
    const double start = bench_now();
    const double product = watch.set->blend_product(work, weight);
    note(BENCH_PRIMITIVE_blend_product, work->length, start);
    return product;
}

/* Returns the name of the set that watches this one, which it adds where there is none yet; NULL if
 * there is no room for it. It is tuned as the set that it is based on. */
static const char *add_watching_set(const struct norma_set *set) {
    char name[64];
    snprintf(name, sizeof name, "%.40s" BENCH_WATCH_SUFFIX, set->name);
    const struct norma_set *known = norma_set_find(name);
    if (known) {
        return known->name;
    }
    struct norma_set watching = *set;
    char *kept = tool_copy_text(name); /* as long as the set is */
    watching.name = kept;
    watching.base = set->name;
#define BENCH_REPLACE(primitive, stage) watching.primitive = watch_##primitive;
    NORMA_PRIMITIVES(BENCH_REPLACE)
#undef BENCH_REPLACE
    if (!norma_set_add(&watching)) {
        free(kept);
        return NULL;
    }
    return kept;
}

/* ---- the watched implementation ------------------------------------------------------------- */

static norma_status create(const struct reference_implementation *self, void **state,
                           const struct norma_problem *problem, int threads) {
    const norma_status status = watch.real->create(self, state, problem, threads);
    if (status == NORMA_STATUS_OK) {
        struct norma_description description;
        norma_plan_describe(verify_implementation_plan(*state), &description);
        watch.threads = description.split.threads;
    }
    return status;
}

static void add(struct bench_elapsed *sum, const struct bench_elapsed *elapsed) {
    sum->calls += elapsed->calls;
    sum->elements += elapsed->elements;
    sum->seconds += elapsed->seconds;
}

static void collect(struct execution *execution) {
    for (int t = 0; t < watch.threads; t++) {
        const double inside = watch.lanes[t].last - watch.lanes[t].first;
        execution->outside += inside < execution->seconds ? execution->seconds - inside : 0;
        for (int i = 0; i < BENCH_PRIMITIVE_COUNT; i++) {
            add(&execution->primitives[i], &watch.lanes[t].primitives[i]);
        }
    }
}

static norma_status execute(void *state, const struct norma_args *args) {
    memset(watch.lanes, 0, (size_t)watch.threads * sizeof *watch.lanes);
    const double start = bench_now();
    const norma_status status = watch.real->execute(state, args);
    const double seconds = bench_now() - start;
    if (status == NORMA_STATUS_OK && watch.count < EXECUTIONS) {
        struct execution *execution = &watch.executions[watch.count++];
        *execution = (struct execution){.seconds = seconds};
        collect(execution);
    }
    return status;
}

const struct reference_implementation *bench_watch_open(const struct reference_implementation *real,
                                                        int threads) {
    const struct norma_set *set = norma_set_find(real->name);
    const char *name = add_watching_set(set);
    if (!name) {
        return NULL;
    }
    watch.implementation = *real;
    watch.implementation.name = name;
    watch.implementation.create = create;
    watch.implementation.execute = execute;
    watch.real = real;
    watch.set = set;
    watch.threads = threads;
    watch.lanes = tool_allocate((size_t)threads, sizeof *watch.lanes);
    watch.executions = tool_allocate(EXECUTIONS, sizeof *watch.executions);
    watch.count = 0;
    return &watch.implementation;
}

void bench_watch_forget(void) {
    watch.count = 0;
}

void bench_watch_close(void) {
    free(watch.lanes);
    free(watch.executions);
    watch.lanes = NULL;
    watch.executions = NULL;
}

/* ---- the result ----------------------------------------------------------------------------- */

/* Returns the seconds that one reading of the clock takes. That is the least of many short batches:
 * in the mean of all, one time slice of another process would be a reading of microseconds. */
static double time_clock(void) {
    enum { BATCHES = 50, READINGS = 20 };
    double least = INFINITY;
    for (int batch = 0; batch < BATCHES; batch++) {
        const double start = bench_now();
        for (int i = 0; i < READINGS - 1; i++) {
            bench_now();
        }
        least = fmin(least, (bench_now() - start) / READINGS);
    }
    return least;
}

static int by_seconds(const void *left, const void *right) {
    const double a = ((const struct execution *)left)->seconds;
    const double b = ((const struct execution *)right)->seconds;
    return (a > b) - (a < b);
}

/* Returns the seconds of all threads that are not in a primitive, nor before a thread's first one
 * or after its last. */
static double between(const struct bench_watched *watched) {
    double seconds = watched->seconds * watch.threads - (watch.threads > 1 ? watched->outside : 0);
    for (int i = 0; i < BENCH_PRIMITIVE_COUNT; i++) {
        seconds -= watched->primitives[i].seconds;
    }
    return fmax(seconds, 0);
}

/* Subtracts the time of the clock. Between the two readings of a call lies the time of one, which
 * is the end of the first and the beginning of the second; the rest of both lies between calls.
 * Nothing loses more than it has, and the overhead is the sum of what was lost, so that no time is
 * negative and all of them add up, however long a reading took. */
static void take_off_clock(struct bench_watched *watched) {
    double calls = 0, rest = between(watched);
    watched->reading = time_clock();
    for (int i = 0; i < BENCH_PRIMITIVE_COUNT; i++) {
        struct bench_elapsed *elapsed = &watched->primitives[i];
        const double lost = fmin(elapsed->seconds, elapsed->calls * watched->reading);
        elapsed->seconds -= lost;
        watched->timer_overhead += lost;
        calls += elapsed->calls;
    }
    watched->timer_overhead += fmin(rest, calls * watched->reading);
}

struct bench_watched bench_watch_result(void) {
    struct bench_watched watched = {.executions = watch.count};
    if (watch.count == 0) {
        return watched;
    }
    qsort(watch.executions, watch.count, sizeof *watch.executions, by_seconds);
    const size_t first = watch.count / 4, last = (watch.count + 1) / 2;
    const double count = (double)(last - first);
    for (size_t i = first; i < last; i++) {
        watched.seconds += watch.executions[i].seconds / count;
        watched.outside += watch.executions[i].outside / count;
        for (int p = 0; p < BENCH_PRIMITIVE_COUNT; p++) {
            const struct bench_elapsed *elapsed = &watch.executions[i].primitives[p];
            add(&watched.primitives[p],
                &(struct bench_elapsed){elapsed->calls / count, elapsed->elements / count,
                                        elapsed->seconds / count});
        }
    }
    take_off_clock(&watched);
    return watched;
}

bool bench_is_below_clock(const struct bench_watched *watched,
                          const struct bench_elapsed *elapsed) {
    return elapsed->calls > 0 && elapsed->seconds <= elapsed->calls * watched->reading;
}

struct bench_elapsed bench_stage_elapsed(const struct bench_watched *watched,
                                         enum bench_stage stage) {
    struct bench_elapsed sum = {0};
    for (int i = 0; i < BENCH_PRIMITIVE_COUNT; i++) {
        if (bench_primitive_stage((enum bench_primitive)i) == stage) {
            add(&sum, &watched->primitives[i]);
        }
    }
    return sum;
}
