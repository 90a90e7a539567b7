/* What a plan decided, for those who tune kernels: norma-bench explain shows it. Not part of the
 * interface: visible so that it can also where the library is shared.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_DESCRIBE_H
#define NORMA_DESCRIBE_H

#include "sets/set.h"
#include "tuning.h"

/* What the threads of a plan share out among them: tiles, or, of a phased one, what ends it. */
enum norma_unit { NORMA_UNIT_TILE, NORMA_UNIT_PLANE, NORMA_UNIT_CHUNK, NORMA_UNIT_ROWS };

/* What is shared out, and how many threads share it. */
struct norma_work_split {
    enum norma_unit unit;
    int64_t units;
    int threads;
    int64_t worthwhile; /* threads that x is large enough for: one for each thread_bytes */
    int64_t sets;       /* statistics sets that threads can work on without each other */
};

/* Sums are taken in chunks and merged in order. */
struct norma_chunking {
    int64_t length; /* of the largest chunk, in elements or in rows; 0: there are no chunks */
    int64_t count;  /* that a run or a matrix is cut into */
    bool rows;
};

struct norma_description {
    const struct norma_set *set;
    norma_size_class size;
    int64_t size_bytes; /* x and y, by which the class was chosen */
    struct norma_tuning tuning;
    const char *profile; /* as norma_plan_profile; NULL: the defaults */

    bool phased, crossed; /* else tiled: see plan.h */
    bool coupled; /* every sample depends on every other, however many statistics sets there are */
    bool columns; /* down columns: channels are innermost, or S = 1 */
    bool rows; /* S = 1 and statistics of whole samples, whose coefficients are made on the way */
    int64_t tiles, tile_samples, tile_channels; /* of the largest; everything, where phased */
    int64_t tile_bytes;                         /* of x, backward with dy */
    int64_t spatial;                            /* positions of a plane */
    struct norma_chunking chunks;
    struct norma_work_split split;

    int readings;             /* how often x, backward with dy, is read */
    int64_t between_readings; /* bytes that a thread reads from one to the next */
    bool stream;              /* results go past the caches, unless in place */
    int64_t ahead;            /* elements from a tile to the next, which is prefetched; 0: not */
    size_t workspace;         /* bytes */
};

NORMA_API void norma_plan_describe(const struct norma_plan *plan,
                                   struct norma_description *description);

/* From now on the plan runs `set`, of the same bits: one that watches the plan's own. */
NORMA_API void norma_plan_run_set(struct norma_plan *plan, const struct norma_set *set);

#endif
