/* Tells where an execution of norma spends its time: adds a set that times each primitive of the
 * real one and has a plan of its own, so that the library itself is as it always is.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_EXPLAIN_WATCH_H
#define BENCH_EXPLAIN_WATCH_H

#include "reference/interface/interface.h"
#include <norma_tools.h>

/* What primitives are for: X(ENUM, name). */
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

/* What one primitive did in one execution, all threads together. */
struct bench_spent {
    double calls, elements; /* those that it went over, also where a selection leaves some out */
    double seconds;         /* without what looking at the clock took */
};

/* A typical execution: the mean over the quarter of those watched that are just quicker than the
 * median. Disturbances only ever lengthen an execution; so chosen, half of them may be disturbed.
 */
struct bench_watched {
    size_t executions; /* that were watched; 0: none, and nothing else is set */
    double seconds;    /* from its beginning to its end */
    double looking;    /* seconds that the clock took in there, all threads together */
    double outside;    /* seconds before a thread's first primitive and after its last, all threads
                          together: waking, and waiting for the slowest */
    struct bench_spent primitives[BENCH_PRIMITIVE_COUNT];
};

const char *bench_stage_name(enum bench_stage stage);
const char *bench_primitive_name(enum bench_primitive primitive);
enum bench_stage bench_primitive_stage(enum bench_primitive primitive);

struct bench_spent bench_stage_spent(const struct bench_watched *watched, enum bench_stage stage);

/* The name of the set that watches another one is that one's with this behind it. */
#define BENCH_WATCH_SUFFIX "-watched"

/* Returns norma with a set that watches that of `real`, which must be norma with one of its sets.
 * It must be closed before another is opened. Returns NULL if too many sets were added before. */
const struct reference_implementation *bench_watch_open(const struct reference_implementation *real,
                                                        int threads);
/* Forgets what was watched so far, e.g. a first execution. */
void bench_watch_forget(void);
struct bench_watched bench_watch_result(void);
void bench_watch_close(void);

#endif
