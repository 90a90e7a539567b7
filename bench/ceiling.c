/* The copy ceilings: memcpy, and a loop of non-temporal stores.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "ceiling.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum {
    /* Threads get whole lines of the cache, so that no line is written by two. */
    LINE = 64,
    /* Waking a thread takes longer than to copy this much: a ceiling is the fastest way to copy,
     * not the one with the most threads. */
    BYTES_PER_THREAD = 64 * 1024
};

struct copy {
    int threads;
    size_t bytes;
    const char *kernel;
    void (*run)(char *to, const char *from, size_t bytes);
};

static void copy_plain(char *to, const char *from, size_t bytes) {
    memcpy(to, from, bytes);
}

/* Streaming copies move whole lines, so that write-combining buffers leave full, and the rest
 * plainly. */
#if defined(__x86_64__)
static void copy_stream_sse2(char *to, const char *from, size_t bytes) {
    size_t lines = bytes / LINE * LINE;
    for (size_t i = 0; i < lines; i += LINE) {
        const __m128i *source = (const void *)(from + i);
        __m128i *target = (void *)(to + i);
        __m128i a = _mm_loadu_si128(source), b = _mm_loadu_si128(source + 1);
        __m128i c = _mm_loadu_si128(source + 2), d = _mm_loadu_si128(source + 3);
        _mm_stream_si128(target, a);
        _mm_stream_si128(target + 1, b);
        _mm_stream_si128(target + 2, c);
        _mm_stream_si128(target + 3, d);
    }
    _mm_sfence();
    memcpy(to + lines, from + lines, bytes - lines);
}

/* Up to a quarter faster than the other on the processors that have it. */
__attribute__((target("avx512f"))) static void copy_stream_avx512(char *to, const char *from,
                                                                  size_t bytes) {
    size_t lines = bytes / LINE * LINE;
    for (size_t i = 0; i < lines; i += LINE) {
        _mm512_stream_si512((void *)(to + i), _mm512_loadu_si512(from + i));
    }
    _mm_sfence();
    memcpy(to + lines, from + lines, bytes - lines);
}

static struct copy stream(void) {
    if (__builtin_cpu_supports("avx512f")) {
        return (struct copy){.kernel = "stream-avx512", .run = copy_stream_avx512};
    }
    return (struct copy){.kernel = "stream-sse2", .run = copy_stream_sse2};
}
#elif defined(__aarch64__)
/* In assembly: gcc has no built-in function for stnp. */
static void copy_stream_neon(char *to, const char *from, size_t bytes) {
    size_t lines = bytes / LINE * LINE;
    for (size_t i = 0; i < lines; i += LINE) {
        __asm__ volatile("ldp q0, q1, [%0]\n\t"
                         "ldp q2, q3, [%0, #32]\n\t"
                         "stnp q0, q1, [%1]\n\t"
                         "stnp q2, q3, [%1, #32]"
                         :
                         : "r"(from + i), "r"(to + i)
                         : "v0", "v1", "v2", "v3", "memory");
    }
    memcpy(to + lines, from + lines, bytes - lines);
}

static struct copy stream(void) {
    return (struct copy){.kernel = "stream-neon", .run = copy_stream_neon};
}
#else
static struct copy stream(void) {
    return (struct copy){.run = NULL};
}
#endif

static norma_status create(struct copy copy, void **state, const struct norma_problem *problem,
                           int threads) {
    copy.bytes = (size_t)(problem->n * problem->c * norma_problem_spatial(problem)) * sizeof(float);
    const size_t useful = copy.bytes / BYTES_PER_THREAD;
    copy.threads = useful < 1 ? 1 : (useful < (size_t)threads ? (int)useful : threads);
    struct copy *made = malloc(sizeof *made);
    if (!made) {
        return NORMA_NO_MEMORY;
    }
    *made = copy;
    *state = made;
    return NORMA_OK;
}

static norma_status create_plain(const struct norma_implementation *self, void **state,
                                 const struct norma_problem *problem, int threads) {
    (void)self;
    return create((struct copy){.kernel = "memcpy", .run = copy_plain}, state, problem, threads);
}

static norma_status create_stream(const struct norma_implementation *self, void **state,
                                  const struct norma_problem *problem, int threads) {
    (void)self;
    struct copy copy = stream();
    return copy.run ? create(copy, state, problem, threads) : NORMA_UNSUPPORTED;
}

static norma_status execute(void *state, const struct norma_args *args) {
    const struct copy *copy = state;
    size_t lines = (copy->bytes + LINE - 1) / LINE;
    size_t threads = (size_t)copy->threads;
    if (threads == 1) {
        copy->run(args->y, args->x, copy->bytes);
        return NORMA_OK;
    }
#pragma omp parallel for num_threads(copy->threads) schedule(static, 1)
    for (size_t t = 0; t < threads; t++) {
        size_t start = lines * t / threads * LINE;
        size_t end = lines * (t + 1) / threads * LINE;
        end = end < copy->bytes ? end : copy->bytes;
        copy->run((char *)args->y + start, (const char *)args->x + start, end - start);
    }
    return NORMA_OK;
}

static const char *kernel(const void *state) {
    const struct copy *copy = state;
    return copy->kernel;
}

const struct norma_implementation norma_ceilings[NORMA_CEILING_COUNT] = {
    {.name = "copy", .create = create_plain, .execute = execute, .kernel = kernel, .destroy = free},
    {.name = "copy-stream",
     .create = create_stream,
     .execute = execute,
     .kernel = kernel,
     .destroy = free},
};

bool norma_is_ceiling(const char *name) {
    for (int i = 0; i < NORMA_CEILING_COUNT; i++) {
        if (strcmp(norma_ceilings[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}
