/* Tells where an execution of norma spends its time: adds a set that times each primitive of the
 * real one and has a plan of its own, so that the library itself is as it always is.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_EXPLAIN_PRIMITIVE_TIMES_H
#define BENCH_EXPLAIN_PRIMITIVE_TIMES_H

#include "reference/interface/interface.h"
#include <norma_tools.h>

/* The stages that primitives belong to: X(ENUM, name). */
#define BENCH_STAGES(X)                                                                            \
    X(MOMENTS, "moments")                                                                          \
    X(SUMS, "sums")                                                                                \
    X(APPLY, "apply")                                                                              \
    X(GRADIENT, "gradient")

enum bench_stage {
#define BENCH_ENUM(upper, name) BENCH_STAGE_##upper,
    BENCH_STAGES(BENCH_ENUM)
#undef BENCH_ENUM
        BENCH_STAGE_COUNT
};

enum bench_primitive {
#define BENCH_ENUM(name, stage) BENCH_PRIMITIVE_##name,
    NORMA_PRIMITIVES(BENCH_ENUM)
#undef BENCH_ENUM
        BENCH_PRIMITIVE_COUNT
};

/* The work and time of one primitive in one execution, all threads together. */
struct bench_elapsed {
    double calls, elements; /* including elements that a selection leaves out */
    double seconds;         /* without those that reading the clock took */
};

/* A typical execution: the mean over those watched executions that lie between the lower quartile
 * and the median. A disturbance only ever lengthens an execution, so half of them may be
 * disturbed. */
struct bench_watched {
    size_t executions;     /* number of those watched; 0: nothing else is set */
    double seconds;        /* from the beginning to the end */
    double reading;        /* seconds that one reading of the clock takes */
    double timer_overhead; /* seconds of readings that were taken off, all threads together */
    /* Seconds before a thread's first primitive and after its last, all threads together: waking,
     * and waiting for the slowest. */
    double outside;
    struct bench_elapsed primitives[BENCH_PRIMITIVE_COUNT];
};

const char *bench_stage_name(enum bench_stage stage);
const char *bench_primitive_name(enum bench_primitive primitive);
enum bench_stage bench_primitive_stage(enum bench_primitive primitive);

/* Returns whether reading the clock takes as long as a call of what it times, or longer. Such times
 * are differences of two that are about equal, and not known well. */
bool bench_is_below_clock(const struct bench_watched *watched, const struct bench_elapsed *elapsed);

struct bench_elapsed bench_stage_elapsed(const struct bench_watched *watched,
                                         enum bench_stage stage);

/* The name of the set that watches another one is that one's with this behind it. */
#define BENCH_WATCH_SUFFIX "-watched"

/* Returns norma with a set that watches that of `real`, which must be norma with one of its sets.
 * It must be closed before another is opened. Returns NULL if too many sets were added before. */
const struct reference_implementation *bench_watch_open(const struct reference_implementation *real,
                                                        int threads);
/* Forgets the executions watched so far, such as a first one. */
void bench_watch_forget(void);
struct bench_watched bench_watch_result(void);
void bench_watch_close(void);

#endif
