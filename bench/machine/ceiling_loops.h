/* The inner loops of the ceilings of memory.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_CEILING_LOOPS_H
#define BENCH_MACHINE_CEILING_LOOPS_H

#include <stddef.h>

/* The bytes of a cache line, which non-temporal stores must fill. */
enum { BENCH_CEILING_LINE = 64 };

enum bench_ceiling_kind {
    BENCH_CEILING_READ, /* the sum of from, in f32, which is discarded; ignores `to` as well */
    BENCH_CEILING_COPY, /* to = from */
    BENCH_CEILING_COPY_STREAM, /* the same, with non-temporal stores */
    BENCH_CEILING_ADD,         /* to = from + also, in f32 */
    BENCH_CEILING_ADD_STREAM,
    BENCH_CEILING_KINDS
};

struct bench_ceiling_loop {
    const char *name;
    /* `to` must begin on a cache line; the copies ignore `also`. */
    void (*run)(void *to, const void *from, const void *also, size_t bytes);
};

/* Returns the loop with the widest vectors of this processor. Its members are NULL if the processor
 * has no such loop. */
struct bench_ceiling_loop bench_ceiling_loop_at(enum bench_ceiling_kind kind);

#endif
