/* The ceilings: which of them a problem has, and how they are split over threads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/machine/ceiling.h"
#include "bench/machine/arithmetic_loops.h"
#include "bench/measure/measure.h"
#include "reference/interface/interface.h"

#include <stdlib.h>
#include <string.h>

/* ---- memory --------------------------------------------------------------------------------- */

/* Waking a thread takes longer than copying this much, and a ceiling is the fastest way to copy,
 * not the way with the most threads. */
enum { BYTES_PER_THREAD = 64 * 1024 };

/* For a ceiling of a machine, a thread has so much of each tensor to do: some hundred microseconds
 * in the fastest cache, while a team of threads wakes in a few. */
enum { BYTES_OF_PASSES = 16 << 20 };

struct ceiling {
    int threads;
    bool is_backward;
    size_t bytes;   /* of each tensor */
    int64_t passes; /* over the tensors, in one execution */
    struct bench_ceiling_loop loop;
};

static size_t bytes_of(const struct norma_problem *problem) {
    return (size_t)reference_elements(problem) * sizeof(float);
}

static norma_status create_ceiling(enum bench_ceiling_kind kind, void **state,
                                   const struct norma_problem *problem, int threads,
                                   int64_t passes) {
    const struct bench_ceiling_loop loop = bench_ceiling_loop_at(kind);
    if (!loop.run) {
        return NORMA_STATUS_UNSUPPORTED;
    }
    struct ceiling *ceiling = malloc(sizeof *ceiling);
    if (!ceiling) {
        return NORMA_STATUS_NO_MEMORY;
    }
    *ceiling = (struct ceiling){
        .threads = threads,
        .is_backward = reference_is_backward(problem),
        .bytes = bytes_of(problem),
        .passes = passes,
        .loop = loop,
    };
    *state = ceiling;
    return NORMA_STATUS_OK;
}

static norma_status create(const struct reference_implementation *self, void **state,
                           const struct norma_problem *problem, int threads) {
    const size_t useful = bytes_of(problem) / BYTES_PER_THREAD;
    const int team = useful < 1 ? 1 : (useful < (size_t)threads ? (int)useful : threads);
    return create_ceiling((enum bench_ceiling_kind)(self - bench_ceilings), state, problem, team,
                          1);
}

int64_t bench_machine_ceiling_passes(const struct norma_problem *problem, int threads) {
    const size_t least = (size_t)BYTES_OF_PASSES * (size_t)threads;
    return (int64_t)((least + bytes_of(problem) - 1) / bytes_of(problem));
}

static norma_status create_of_machine(const struct reference_implementation *self, void **state,
                                      const struct norma_problem *problem, int threads) {
    return create_ceiling((enum bench_ceiling_kind)(self - bench_machine_ceilings), state, problem,
                          threads, bench_machine_ceiling_passes(problem, threads));
}

static void run_part(const struct ceiling *ceiling, const struct norma_args *args, size_t start,
                     size_t end) {
    const char *from = args->x;
    const char *also = ceiling->is_backward ? (const char *)args->dy : (const char *)args->residual;
    char *to = ceiling->is_backward ? (char *)args->dx : (char *)args->y;
    /* The copies read no second tensor, and there may be none. */
    ceiling->loop.run(to + start, from + start, also ? also + start : NULL, end - start);
}

static norma_status execute(void *state, const struct norma_args *args) {
    const struct ceiling *ceiling = state;
    const size_t line = BENCH_CEILING_LINE;
    const size_t lines = (ceiling->bytes + line - 1) / line;
    const size_t threads = (size_t)ceiling->threads;
    if (threads == 1) {
        for (int64_t pass = 0; pass < ceiling->passes; pass++) {
            run_part(ceiling, args, 0, ceiling->bytes);
        }
        return NORMA_STATUS_OK;
    }
    /* Threads get whole cache lines, so that no two threads write to one line. */
#pragma omp parallel for num_threads(ceiling->threads) schedule(static, 1)
    for (size_t t = 0; t < threads; t++) {
        const size_t end = lines * (t + 1) / threads * line;
        for (int64_t pass = 0; pass < ceiling->passes; pass++) {
            run_part(ceiling, args, lines * t / threads * line,
                     end < ceiling->bytes ? end : ceiling->bytes);
        }
    }
    return NORMA_STATUS_OK;
}

static const char *kernel(const void *state) {
    const struct ceiling *ceiling = state;
    return ceiling->loop.name;
}

#define CEILING(NAME, CREATE)                                                                      \
    {                                                                                              \
        .kind = REFERENCE_KIND_CEILING, .name = NAME, .create = CREATE, .execute = execute,        \
        .kernel = kernel, .destroy = free                                                          \
    }

#define CEILINGS(CREATE)                                                                           \
    {                                                                                              \
        [BENCH_CEILING_READ] = CEILING("read", CREATE),                                            \
        [BENCH_CEILING_COPY] = CEILING("copy", CREATE),                                            \
        [BENCH_CEILING_COPY_STREAM] = CEILING("copy-stream", CREATE),                              \
        [BENCH_CEILING_ADD] = CEILING("add", CREATE),                                              \
        [BENCH_CEILING_ADD_STREAM] = CEILING("add-stream", CREATE),                                \
    }

const struct reference_implementation bench_ceilings[BENCH_CEILING_KINDS] = CEILINGS(create);
const struct reference_implementation bench_machine_ceilings[BENCH_CEILING_KINDS] =
    CEILINGS(create_of_machine);

const struct reference_implementation *bench_ceilings_of(const struct norma_problem *problem) {
    const bool adds = bench_tensor_passes(problem) == 3;
    return &bench_ceilings[adds ? BENCH_CEILING_ADD : BENCH_CEILING_COPY];
}

bool bench_is_ceiling(const char *name) {
    for (int i = BENCH_CEILING_COPY; i < BENCH_CEILING_KINDS; i++) {
        if (strcmp(bench_ceilings[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- arithmetic ----------------------------------------------------------------------------- */

/* Some hundred microseconds, while a team of threads wakes in a few. */
static const int64_t rounds = 100000;

struct arithmetic {
    int threads;
    struct bench_arithmetic_loop loop;
};

static bool is_double(const struct reference_implementation *self) {
    return self == &bench_arithmetic[1];
}

static norma_status create_arithmetic(const struct reference_implementation *self, void **state,
                                      const struct norma_problem *problem, int threads) {
    (void)problem;
    struct arithmetic *arithmetic = malloc(sizeof *arithmetic);
    if (!arithmetic) {
        return NORMA_STATUS_NO_MEMORY;
    }
    *arithmetic = (struct arithmetic){threads, bench_arithmetic_loop_at(is_double(self))};
    *state = arithmetic;
    return NORMA_STATUS_OK;
}

static norma_status execute_arithmetic(void *state, const struct norma_args *args) {
    const struct arithmetic *arithmetic = state;
    (void)args;
#pragma omp parallel for num_threads(arithmetic->threads) schedule(static, 1)
    for (int t = 0; t < arithmetic->threads; t++) {
        arithmetic->loop.run(rounds);
    }
    return NORMA_STATUS_OK;
}

static const char *kernel_of_arithmetic(const void *state) {
    const struct arithmetic *arithmetic = state;
    return arithmetic->loop.name;
}

#define ARITHMETIC(NAME)                                                                           \
    {                                                                                              \
        .name = NAME, .create = create_arithmetic, .execute = execute_arithmetic,                  \
        .kernel = kernel_of_arithmetic, .destroy = free                                            \
    }

const struct reference_implementation bench_arithmetic[BENCH_ARITHMETIC_COUNT] = {
    ARITHMETIC("fma32"), ARITHMETIC("fma64")};

double bench_arithmetic_operations(const struct reference_implementation *arithmetic, int threads) {
    return 2.0 * bench_arithmetic_loop_at(is_double(arithmetic)).lanes * (double)rounds * threads;
}
