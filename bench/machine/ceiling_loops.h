/* The inner loops of the ceilings of memory.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_CEILING_LOOPS_H
#define BENCH_MACHINE_CEILING_LOOPS_H

#include <stddef.h>

/* The bytes of a cache line, which non-temporal stores must fill. */
enum { BENCH_CEILING_LINE = 64 };

struct bench_ceiling_loop {
    const char *name;
    /* `to` must begin on a cache line; the copies ignore `also`. NULL: this processor has no such
     * loop. */
    void (*run)(void *to, const void *from, const void *also, size_t bytes);
};

/* The sum of from, in f32, which is discarded; it ignores `to` as well. */
struct bench_ceiling_loop bench_ceiling_read(void);
/* to = from */
struct bench_ceiling_loop bench_ceiling_copy(void);
struct bench_ceiling_loop bench_ceiling_copy_stream(void);
/* to = from + also, in f32 */
struct bench_ceiling_loop bench_ceiling_add(void);
struct bench_ceiling_loop bench_ceiling_add_stream(void);

#endif
