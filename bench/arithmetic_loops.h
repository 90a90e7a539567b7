/* The inner loops of the ceilings of arithmetic.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_ARITHMETIC_LOOPS_H
#define NORMA_BENCH_ARITHMETIC_LOOPS_H

#include <stdbool.h>
#include <stdint.h>

struct norma_arithmetic_loop {
    const char *name;
    int lanes; /* numbers that are multiplied and added to in one round */
    void (*run)(int64_t rounds);
};

/* The widest that this processor has, of double or of float. */
struct norma_arithmetic_loop norma_arithmetic_loop(bool of_double);

#endif
