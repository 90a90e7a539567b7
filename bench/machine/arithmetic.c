/* The ceilings of arithmetic: their threads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/machine/arithmetic.h"
#include "bench/machine/arithmetic_loops.h"

#include <stdlib.h>

/* Some hundred microseconds: a team of threads wakes in a few. */
static const int64_t rounds = 100000;

struct arithmetic {
    int threads;
    struct bench_arithmetic_loop loop;
};

static bool is_double(const struct reference_implementation *self) {
    return self == &bench_arithmetic[1];
}

static norma_status create(const struct reference_implementation *self, void **state,
                           const struct norma_problem *problem, int threads) {
    (void)problem;
    struct arithmetic *made = malloc(sizeof *made);
    if (!made) {
        return NORMA_STATUS_NO_MEMORY;
    }
    *made = (struct arithmetic){threads, bench_arithmetic_loop(is_double(self))};
    *state = made;
    return NORMA_STATUS_OK;
}

static norma_status execute(void *state, const struct norma_args *args) {
    const struct arithmetic *arithmetic = state;
    (void)args;
#pragma omp parallel for num_threads(arithmetic->threads) schedule(static, 1)
    for (int t = 0; t < arithmetic->threads; t++) {
        arithmetic->loop.run(rounds);
    }
    return NORMA_STATUS_OK;
}

static const char *kernel(const void *state) {
    const struct arithmetic *arithmetic = state;
    return arithmetic->loop.name;
}

#define ARITHMETIC(NAME)                                                                           \
    { .name = NAME, .create = create, .execute = execute, .kernel = kernel, .destroy = free }

const struct reference_implementation bench_arithmetic[BENCH_ARITHMETIC_COUNT] = {
    ARITHMETIC("fma32"), ARITHMETIC("fma64")};

double bench_arithmetic_operations(const struct reference_implementation *arithmetic, int threads) {
    return 2.0 * bench_arithmetic_loop(is_double(arithmetic)).lanes * (double)rounds * threads;
}
