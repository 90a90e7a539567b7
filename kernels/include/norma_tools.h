/* norma_tools.h: what programs about norma need to know, beyond those that use it: which sets there
 * are, what a plan decided, and how it is tuned. norma-verify and norma-bench are built with it.
 *
 * It may change with every version, as the plans and the tuning do.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_TOOLS_H
#define NORMA_TOOLS_H

#include "norma_set.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- sets --------------------------------------------------------------------------------- */

/* All primitives of a set, and the stage that each is for: X(name, stage). Whoever adds one raises
 * NORMA_SET_ABI. */
#define NORMA_PRIMITIVES(X)                                                                        \
    X(moments, MOMENTS)                                                                            \
    X(moments_columns, MOMENTS)                                                                    \
    X(gradient_sums, SUMS)                                                                         \
    X(gradient_sums_columns, SUMS)                                                                 \
    X(row_sums, SUMS)                                                                              \
    X(blend_product, SUMS)                                                                         \
    X(apply, APPLY)                                                                                \
    X(apply_columns, APPLY)                                                                        \
    X(apply_rows, APPLY)                                                                           \
    X(blend, APPLY)                                                                                \
    X(gradient_apply, GRADIENT)                                                                    \
    X(gradient_apply_columns, GRADIENT)                                                            \
    X(row_gradient, GRADIENT)                                                                      \
    X(blend_gradient, GRADIENT)                                                                    \
    X(blend_alpha, GRADIENT)

/* Returns number index of the registry: the sets of this build, fastest first, then those that were
 * added; NULL beyond the last. */
NORMA_API const struct norma_set *norma_set_at(size_t index);

/* Returns the set of that name, or NULL. */
NORMA_API const struct norma_set *norma_set_find(const char *name);

/* Adds a copy of a set, whose name no other may have, and whose texts are not copied. Plans take it
 * where it is named, and never by themselves. Nothing guards it against other threads: none may use
 * norma in the meantime. Returns false if NORMA_MOST_ADDED were added before. */
enum { NORMA_MOST_ADDED = 16 };
NORMA_API bool norma_set_add(const struct norma_set *set);

/* Returns whether a choice (struct norma_options) allows this set: excluded names are out; if any
 * name stands without '-', only such names are in, and else all that were not added. */
NORMA_API bool norma_set_allowed(const char *choice, const struct norma_set *set);

/* ---- tuning ------------------------------------------------------------------------------- */

/* Tensors have a tuning of their own by where they fit, x and y together: X(ENUM, name, text). */
#define NORMA_SIZE_CLASSES(X)                                                                      \
    X(L2, l2, "smaller than a core's L2 cache")                                                    \
    X(L3, l3, "smaller than the last-level cache")                                                 \
    X(MEMORY, memory, "as large as the last-level cache or larger")

typedef enum norma_size_class {
#define NORMA_ENUM(upper, lower, text) NORMA_CLASS_##upper,
    NORMA_SIZE_CLASSES(NORMA_ENUM)
#undef NORMA_ENUM
        NORMA_SIZE_CLASS_COUNT
} norma_size_class;

/* The parameters: X(name, least, most, default in l2, in l3, in memory, text). A line more is a
 * parameter more: profiles and norma-bench tune are generated from this list. 0, where it is
 * allowed, means never. Why these defaults:
 * - a tile of x with its y should stay in a core's L2 between moments and apply;
 * - a result that fits a cache is of use to the caller there;
 * - while results go to memory, the next tile can come from there, if it fits beside this one in
 * L2;
 * - waking a thread costs some microseconds: it must have as much to do. */
#define NORMA_TUNING(X)                                                                            \
    X(tile_bytes, 4096, 1 << 30, 256 << 10, 256 << 10, 256 << 10,                                  \
      "bytes of x, backward with dy, that a thread takes through all stages at a time")            \
    X(stream_elements, 0, 1 << 30, 0, 0, 16,                                                       \
      "shortest plane whose result is stored past the caches, 0: none; nsc: all or none")          \
    X(ahead_bytes, 0, 1 << 30, 0, 0, 512 << 10,                                                    \
      "largest tile during whose storing past the caches the next is prefetched, 0: none")         \
    X(thread_bytes, 1, 1 << 30, 64 << 10, 64 << 10, 64 << 10, "bytes of x that are worth a thread")

struct norma_tuning {
#define NORMA_FIELD(name, least, most, l2, l3, memory, text) int64_t name;
    NORMA_TUNING(NORMA_FIELD)
#undef NORMA_FIELD
};

struct norma_parameter {
    const char *name, *text;
    int64_t least, most;
};

/* Number index; NULL beyond the last. */
NORMA_API const struct norma_parameter *norma_tuning_parameter(size_t index);
NORMA_API int64_t norma_tuning_get(const struct norma_tuning *tuning, size_t index);
NORMA_API void norma_tuning_set(struct norma_tuning *tuning, size_t index, int64_t value);
NORMA_API struct norma_tuning norma_tuning_default(norma_size_class size);

/* "l2"; NULL beyond the last. */
NORMA_API const char *norma_size_class_name(norma_size_class size);
/* Bytes of x and y together from which on a tensor is of a larger class; INT64_MAX for the last. */
NORMA_API int64_t norma_size_class_end(norma_size_class size);

/* ---- profiles ----------------------------------------------------------------------------- */

enum { NORMA_PROFILE_PATH = 4096 }; /* bytes that hold any path of a profile */

/* An empty profile; NULL: no memory. */
NORMA_API struct norma_profile *norma_profile_create(void);

/* Sets or replaces the tuning of a set for a class. False: it can have no section. */
NORMA_API bool norma_profile_put(struct norma_profile *profile, const char *set,
                                 norma_size_class size, const struct norma_tuning *tuning);

/* The text, which parses to the same; its length, as snprintf does. */
NORMA_API size_t norma_profile_print(const struct norma_profile *profile, char *text, size_t size);

/* Where the user's profile is or would be: what NORMA_PROFILE names, else the file in the user's
 * folder. Its length, as snprintf does; 0: nowhere. */
NORMA_API size_t norma_profile_path(char *path, size_t size);

/* Returns the path of the profile of plans without one of their own, static storage; "": they have
 * the defaults. */
NORMA_API const char *norma_profile_user_path(void);

/* ---- plans -------------------------------------------------------------------------------- */

/* What the threads of a plan share out among them: tiles, or, of a phased one, what ends it. */
enum norma_work_unit {
    NORMA_WORK_UNIT_TILE,
    NORMA_WORK_UNIT_PLANE,
    NORMA_WORK_UNIT_CHUNK,
    NORMA_WORK_UNIT_ROWS
};

/* What is shared out, and how many threads share it. */
struct norma_work_split {
    enum norma_work_unit unit;
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

    bool two_phase, split_channels; /* else tiled: see plan.h */
    bool
        mixes_samples; /* every sample depends on every other, however many statistics sets there are */
    bool columns;      /* down columns: channels are innermost, or S = 1 */
    bool rows; /* S = 1 and statistics of whole samples, whose coefficients are made on the way */
    int64_t tiles, tile_samples, tile_channels; /* of the largest; everything, where phased */
    int64_t tile_bytes;                         /* of x, backward with dy */
    int64_t spatial;                            /* positions of a plane */
    struct norma_chunking chunks;
    struct norma_work_split split;

    int readings;              /* how often x, backward with dy, is read */
    int64_t between_readings;  /* bytes that a thread reads from one to the next */
    bool stream;               /* results go past the caches, unless in place */
    int64_t prefetch_distance; /* elements from a tile to the next, which is prefetched; 0: not */
    size_t workspace;          /* bytes */
};

NORMA_API void norma_plan_describe(const struct norma_plan *plan,
                                   struct norma_description *description);

#ifdef __cplusplus
}
#endif

#endif
