/* What may be tuned: numbers that change how fast a plan is and never a bit of its result.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_TUNING_H
#define NORMA_TUNING_H

#include "norma.h"

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

/* Not part of the interface: visible because norma-bench tune searches them, also where the library
 * is shared. */

/* Number index; NULL beyond the last. */
NORMA_API const struct norma_parameter *norma_tuning_parameter(size_t index);
NORMA_API int64_t norma_tuning_get(const struct norma_tuning *tuning, size_t index);
NORMA_API void norma_tuning_set(struct norma_tuning *tuning, size_t index, int64_t value);
NORMA_API struct norma_tuning norma_tuning_default(norma_size_class size);

/* "l2"; NULL beyond the last. */
NORMA_API const char *norma_size_class_name(norma_size_class size);
/* Bytes of x and y together from which on a tensor is of a larger class; INT64_MAX for the last. */
NORMA_API int64_t norma_size_class_end(norma_size_class size);
norma_size_class norma_size_class_of(int64_t bytes);

#endif
