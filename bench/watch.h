/* Where an execution of norma spends its time: a set that times each primitive around the real one.
 * It takes the real one's place in a plan, so the library itself is as it always is.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_WATCH_H
#define NORMA_BENCH_WATCH_H

#include "implementation.h"
#include "sets/set.h"

/* What primitives are for: X(ENUM, name). */
#define NORMA_STAGES(X)                                                                            \
    X(MOMENTS, "moments")                                                                          \
    X(SUMS, "sums")                                                                                \
    X(APPLY, "apply")                                                                              \
    X(GRADIENT, "gradient")

enum norma_stage {
#define NORMA_ENUM(upper, name) NORMA_STAGE_##upper,
    NORMA_STAGES(NORMA_ENUM)
#undef NORMA_ENUM
        NORMA_STAGE_COUNT
};

enum norma_primitive {
#define NORMA_ENUM(name, stage) NORMA_PRIMITIVE_##name,
    NORMA_PRIMITIVES(NORMA_ENUM)
#undef NORMA_ENUM
        NORMA_PRIMITIVE_COUNT
};

/* What one primitive did in one execution, all threads together. */
struct norma_spent {
    double calls, elements; /* those that it went over, also where a selection leaves some out */
    double seconds;         /* without what looking at the clock took */
};

/* A typical execution: the mean over the quarter of those watched that are just quicker than the
 * median. Disturbances only ever lengthen an execution; so chosen, half of them may be disturbed.
 */
struct norma_watched {
    size_t executions; /* that were watched; 0: none, and nothing else is set */
    double seconds;    /* from its beginning to its end */
    double looking;    /* seconds that the clock took in there, all threads together */
    double outside;    /* seconds before a thread's first primitive and after its last, all threads
                          together: waking, and waiting for the slowest */
    struct norma_spent primitives[NORMA_PRIMITIVE_COUNT];
};

const char *norma_stage_name(enum norma_stage stage);
const char *norma_primitive_name(enum norma_primitive primitive);
enum norma_stage norma_primitive_stage(enum norma_primitive primitive);

struct norma_spent norma_stage_spent(const struct norma_watched *watched, enum norma_stage stage);

/* The same implementation, one of norma's sets, watched. One at a time: it is closed before another
 * is opened. */
const struct norma_implementation *norma_watch_open(const struct norma_implementation *real,
                                                    int threads);
/* Forgets what was watched so far, e.g. a first execution. */
void norma_watch_forget(void);
struct norma_watched norma_watch_result(void);
void norma_watch_close(void);

#endif
