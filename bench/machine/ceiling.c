/* The ceilings: which of them a problem has, and their threads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/machine/ceiling.h"
#include "bench/machine/ceiling_loops.h"
#include "bench/measure/measure.h"
#include "reference/interface/interface.h"

#include <stdlib.h>
#include <string.h>

/* Waking a thread takes longer than to copy this much: a ceiling is the fastest way to copy, not
 * the one with the most threads. */
enum { BYTES_PER_THREAD = 64 * 1024 };

struct ceiling {
    int threads;
    bool is_backward;
    size_t bytes; /* of each image */
    struct bench_ceiling_loop loop;
};

static norma_status create(struct bench_ceiling_loop loop, void **state,
                           const struct norma_problem *problem, int threads) {
    if (!loop.run) {
        return NORMA_STATUS_UNSUPPORTED;
    }
    struct ceiling *made = malloc(sizeof *made);
    if (!made) {
        return NORMA_STATUS_NO_MEMORY;
    }
    const int64_t elements = reference_elements(problem);
    const size_t bytes = (size_t)elements * sizeof(float);
    const size_t useful = bytes / BYTES_PER_THREAD;
    *made = (struct ceiling){
        .threads = useful < 1 ? 1 : (useful < (size_t)threads ? (int)useful : threads),
        .is_backward = reference_is_backward(problem),
        .bytes = bytes,
        .loop = loop,
    };
    *state = made;
    return NORMA_STATUS_OK;
}

static norma_status create_read(const struct reference_implementation *self, void **state,
                                const struct norma_problem *problem, int threads) {
    (void)self;
    return create(bench_ceiling_read(), state, problem, threads);
}

static norma_status create_copy(const struct reference_implementation *self, void **state,
                                const struct norma_problem *problem, int threads) {
    (void)self;
    return create(bench_ceiling_copy(), state, problem, threads);
}

static norma_status create_copy_stream(const struct reference_implementation *self, void **state,
                                       const struct norma_problem *problem, int threads) {
    (void)self;
    return create(bench_ceiling_copy_stream(), state, problem, threads);
}

static norma_status create_add(const struct reference_implementation *self, void **state,
                               const struct norma_problem *problem, int threads) {
    (void)self;
    return create(bench_ceiling_add(), state, problem, threads);
}

static norma_status create_add_stream(const struct reference_implementation *self, void **state,
                                      const struct norma_problem *problem, int threads) {
    (void)self;
    return create(bench_ceiling_add_stream(), state, problem, threads);
}

static void run_part(const struct ceiling *ceiling, const struct norma_args *args, size_t start,
                     size_t end) {
    const char *from = args->x;
    const char *also = ceiling->is_backward ? (const char *)args->dy : (const char *)args->residual;
    char *to = ceiling->is_backward ? (char *)args->dx : (char *)args->y;
    /* The copies read no second image, and there may be none. */
    ceiling->loop.run(to + start, from + start, also ? also + start : NULL, end - start);
}

static norma_status execute(void *state, const struct norma_args *args) {
    const struct ceiling *ceiling = state;
    const size_t line = BENCH_CEILING_LINE;
    const size_t lines = (ceiling->bytes + line - 1) / line;
    const size_t threads = (size_t)ceiling->threads;
    if (threads == 1) {
        run_part(ceiling, args, 0, ceiling->bytes);
        return NORMA_STATUS_OK;
    }
    /* Threads get whole lines of the cache, so that no line is written by two. */
#pragma omp parallel for num_threads(ceiling->threads) schedule(static, 1)
    for (size_t t = 0; t < threads; t++) {
        const size_t end = lines * (t + 1) / threads * line;
        run_part(ceiling, args, lines * t / threads * line,
                 end < ceiling->bytes ? end : ceiling->bytes);
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

static const struct reference_implementation reading = CEILING("read", create_read);

static const struct reference_implementation copies[BENCH_CEILING_COUNT] = {
    CEILING("copy", create_copy),
    CEILING("copy-stream", create_copy_stream),
};

static const struct reference_implementation sums[BENCH_CEILING_COUNT] = {
    CEILING("add", create_add),
    CEILING("add-stream", create_add_stream),
};

const struct reference_implementation *bench_ceilings_of(const struct norma_problem *problem) {
    return bench_tensor_passes(problem) == 3 ? sums : copies;
}

const struct reference_implementation *bench_ceiling_of_reading(void) {
    return &reading;
}

bool bench_is_ceiling(const char *name) {
    for (int i = 0; i < BENCH_CEILING_COUNT; i++) {
        if (strcmp(copies[i].name, name) == 0 || strcmp(sums[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}
