/* The inner loops of the ceilings.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_CEILING_LOOPS_H
#define BENCH_MACHINE_CEILING_LOOPS_H

#include <stddef.h>

/* Bytes in a line of the cache, which non-temporal stores must fill. */
enum { BENCH_CEILING_LINE = 64 };

struct bench_ceiling_loop {
    const char *name;
    /* `to` begins on a line; the copies do not look at `also`. NULL: this processor has none. */
    void (*run)(void *to, const void *from, const void *also, size_t bytes);
};

/* The sum of from, in f32, which comes nowhere; it does not look at `to` either. */
struct bench_ceiling_loop bench_ceiling_read(void);
/* to = from */
struct bench_ceiling_loop bench_ceiling_copy(void);
struct bench_ceiling_loop bench_ceiling_copy_stream(void);
/* to = from + also, in f32 */
struct bench_ceiling_loop bench_ceiling_add(void);
struct bench_ceiling_loop bench_ceiling_add_stream(void);

#endif
