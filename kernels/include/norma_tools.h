/* norma_tools.h: the interface for programs that examine norma, such as norma-verify and
 * norma-bench: its sets, the decisions of a plan, and tuning. Programs that only use norma need
 * norma.h alone.
 *
 * It may change with every version, as plans and tuning do. Functions are thread-safe unless their
 * comment says otherwise; returned strings are in static storage.
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

/* All primitives of a set, and the stage that each is for: X(name, stage). A new line here requires
 * a new NORMA_SET_ABI. */
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

enum { NORMA_MOST_ADDED = 16 };

/* Adds a copy of a set, whose name must be new and whose texts must live as long as the process.
 * Plans take it only where it is named. It is not thread-safe: no other thread may use norma
 * meanwhile. Returns false if NORMA_MOST_ADDED were added before. */
NORMA_API bool norma_set_add(const struct norma_set *set);

/* Returns whether a choice, as in struct norma_options, allows this set. A name with '-' excludes
 * its set. If there are names without '-', only their sets are allowed; else all that were not
 * added. */
NORMA_API bool norma_set_allowed(const char *choice, const struct norma_set *set);

/* ---- tuning ------------------------------------------------------------------------------- */

/* The classes of tensors, each with a tuning of its own, by the cache that x and y together fit in:
 * X(ENUM, name, text). */
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

/* The parameters: X(name, least, most, default in l2, in l3, in memory, text). Profiles and
 * norma-bench tune are generated from this list, so a new line is all that a new parameter needs
 * there. 0, where it is allowed, means never. The reasons for the defaults:
 * - a tile of x with its y should stay in a core's L2 between moments and apply;
 * - a result that fits a cache is useful to the caller there;
 * - while results go to memory, the next tile can come from there, if it fits beside this one in
 *   L2; on AMD's processors this takes longer, and tiles as large as L2 take less time;
 * - waking a thread costs some microseconds, so it must have as much work. */
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
    int64_t typical; /* not 0: a default where it is not never, of this processor or another */
};

/* Returns parameter number index; NULL beyond the last. */
NORMA_API const struct norma_parameter *norma_tuning_parameter(size_t index);
/* Return and set the value of parameter number index, which must exist. */
NORMA_API int64_t norma_tuning_get(const struct norma_tuning *tuning, size_t index);
NORMA_API void norma_tuning_set(struct norma_tuning *tuning, size_t index, int64_t value);
/* Returns the tuning of plans without a profile on this machine; size must be one of the
 * classes. */
NORMA_API struct norma_tuning norma_tuning_default(norma_size_class size);

/* Returns "l2"; NULL beyond the last. */
NORMA_API const char *norma_size_class_name(norma_size_class size);
/* Returns the bytes of x and y together from which on a tensor has a larger class; INT64_MAX for
 * the last class. size must be one of the classes. */
NORMA_API int64_t norma_size_class_end(norma_size_class size);

/* ---- words -------------------------------------------------------------------------------- */

/* A guess which name was meant by a word that is none. It points to words that the caller owns. */
struct norma_guess {
    const char *word;
    int length;       /* of the word, which need not be ended there */
    const char *name; /* the best so far; NULL: none is good enough */
    int distance;     /* between word and name, in letters */
};

/* Begins a guess for the first `length` bytes of the word, which must outlive it; there is no name
 * yet. Returns it by value: nothing has to be freed. */
NORMA_API struct norma_guess norma_guess_of(const char *word, int length);

/* Considers a name that may stand for the word. It was meant if the word is another name of the
 * same thing in other libraries and papers, in any case and with or without dashes and underscores,
 * or nearly so. The name must outlive the guess. */
NORMA_API void norma_guess_try(struct norma_guess *guess, const char *name);

/* Returns the name of key number `index` of an operator's problems; NULL beyond the last. */
NORMA_API const char *norma_operator_key(norma_operator op, size_t index);

/* ---- profiles ----------------------------------------------------------------------------- */

enum { NORMA_PROFILE_PATH = 4096 }; /* bytes that hold any path of a profile */

/* Returns an empty profile, which the caller owns and destroys with norma_profile_destroy; NULL: no
 * memory. */
NORMA_API struct norma_profile *norma_profile_create(void);

/* Sets or replaces the tuning of a set for a class, which must be one of norma_size_class. Returns
 * false if the profile is full, or if the name is not 1 to 31 of a-z, 0-9, '-', '_' and '.'. */
NORMA_API bool norma_profile_put(struct norma_profile *profile, const char *set,
                                 norma_size_class size, const struct norma_tuning *tuning);

/* Writes the profile as a text that norma_profile_parse reads back, and returns its length, as
 * snprintf does. */
NORMA_API size_t norma_profile_print(const struct norma_profile *profile, char *text, size_t size);

/* Writes the path where the user's profile is or would be: the file that NORMA_PROFILE names, else
 * that in the user's folder. Returns its length, as snprintf does; 0 where there is no such
 * path. */
NORMA_API size_t norma_profile_path(char *path, size_t size);

/* Returns the path of the profile that plans without one of their own take; "" where they take the
 * defaults. */
NORMA_API const char *norma_profile_user_path(void);

/* ---- plans -------------------------------------------------------------------------------- */

/* The unit of work that the threads of a plan share out. In a two-phase plan it is that of the last
 * phase; else it is a tile. */
enum norma_work_unit {
    NORMA_WORK_UNIT_TILE,
    NORMA_WORK_UNIT_PLANE,
    NORMA_WORK_UNIT_CHUNK,
    NORMA_WORK_UNIT_ROWS
};

/* How the work is split among threads. */
struct norma_work_split {
    enum norma_work_unit unit;
    int64_t units;
    int threads;
    int64_t worthwhile; /* threads that x is large enough for: one for each thread_bytes */
    int64_t sets;       /* statistics sets, on which threads can work independently */
};

/* How sums are cut into chunks, which are merged in order. */
struct norma_chunking {
    int64_t length; /* elements or rows of the largest chunk; 0: there are no chunks */
    int64_t count;  /* chunks of a span or of a matrix */
    bool rows;      /* length is in rows */
};

/* The decisions of a plan. */
struct norma_description {
    const struct norma_set *set;
    norma_size_class size;
    int64_t size_bytes; /* x and y, by which the class was chosen */
    struct norma_tuning tuning;
    const char *profile; /* as norma_plan_profile; NULL: the defaults */

    /* With two_phase, the threads share the sums of every statistics set and then the affine,
     * because there are fewer sets than threads, or because all samples depend on each other. With
     * split_channels, they take tiles of channels for the statistics, then whole rows. Otherwise
     * each thread takes tiles of whole statistics sets through all stages. */
    bool two_phase, split_channels;
    bool mixes_samples; /* every sample depends on all others, even if each has statistics */
    bool columns;       /* channels-last primitives: channels are innermost, or S = 1 */
    bool rows; /* S = 1 and statistics of whole samples, with coefficients computed on the way */
    int64_t tiles, tile_samples, tile_channels; /* sizes of the largest tile; two-phase: all */
    int64_t tile_bytes;                         /* bytes of x, backward with dy, in a tile */
    int64_t spatial;                            /* positions of a plane */
    struct norma_chunking chunks;
    struct norma_work_split split;

    int readings;              /* how often x, backward with dy, is read */
    int64_t between_readings;  /* bytes that a thread reads from one to the next */
    bool stream;               /* results are stored past the caches, unless in place */
    int64_t prefetch_distance; /* elements from a tile to the next, which is prefetched; 0: none */
    size_t workspace;          /* bytes */
};

/* Writes the decisions of a plan; all zeros if it is NULL. */
NORMA_API void norma_plan_describe(const struct norma_plan *plan,
                                   struct norma_description *description);

#ifdef __cplusplus
}
#endif

#endif
