/* The inner loops of the ceilings of arithmetic.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_ARITHMETIC_LOOPS_H
#define BENCH_MACHINE_ARITHMETIC_LOOPS_H

#include <stdbool.h>
#include <stdint.h>

struct bench_arithmetic_loop {
    const char *name;
    int lanes; /* multiply-adds in one round */
    void (*run)(int64_t rounds);
};

/* Returns the loop with the widest vectors of this processor, of double or of float. */
struct bench_arithmetic_loop bench_arithmetic_loop_at(bool of_double);

#endif
