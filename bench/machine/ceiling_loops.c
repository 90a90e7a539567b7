/* The inner loops of the ceilings of memory: a sum of one tensor, memcpy, the sum of two tensors,
 * and the latter two with non-temporal stores. Streaming loops store whole cache lines, so that
 * write-combining buffers are full when they are written; the rest is stored plainly.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/machine/ceiling_loops.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { LINE = BENCH_CEILING_LINE };

static void copy_plain(void *to, const void *from, const void *also, size_t bytes) {
    (void)also;
    memcpy(to, from, bytes);
}

/* Adds in the compiler's vectors, as wide as the target of the function that this is inlined
 * into. */
static inline __attribute__((always_inline)) void add_elements(float *restrict to,
                                                               const float *restrict from,
                                                               const float *restrict also,
                                                               size_t count) {
    for (size_t i = 0; i < count; i++) {
        to[i] = from[i] + also[i];
    }
}

static void add_plain(void *to, const void *from, const void *also, size_t bytes) {
    add_elements(to, from, also, bytes / sizeof(float));
}

/* Sums in eight accumulators, as with one, each addition would wait for the one before. The rest
 * after the last eight vectors, less than eight cache lines, is not read. */
#define READ(NAME, TARGET, BYTES)                                                                  \
    TARGET static void NAME(void *to, const void *from, const void *also, size_t bytes) {          \
        typedef float vector __attribute__((vector_size(BYTES)));                                  \
        enum { SUMS = 8 };                                                                         \
        const vector *source = from;                                                               \
        vector a = {0}, b = a, c = a, d = a, e = a, f = a, g = a, h = a;                           \
        (void)to;                                                                                  \
        (void)also;                                                                                \
        for (size_t i = 0; i + SUMS <= bytes / BYTES; i += SUMS) {                                 \
            a += source[i], b += source[i + 1], c += source[i + 2], d += source[i + 3];            \
            e += source[i + 4], f += source[i + 5], g += source[i + 6], h += source[i + 7];        \
        }                                                                                          \
        a += b + c + d + e + f + g + h;                                                            \
        __asm__ volatile("" : : "m"(a)); /* the compiler would otherwise drop the loop */          \
    }

READ(read_16, , 16)

#if defined(__x86_64__)
READ(read_avx2, __attribute__((target("avx2"))), 32)
READ(read_avx512, __attribute__((target("avx512f"))), 64)

__attribute__((target("avx2"))) static void add_avx2(void *to, const void *from, const void *also,
                                                     size_t bytes) {
    add_elements(to, from, also, bytes / sizeof(float));
}

__attribute__((target("avx512f"))) static void add_avx512(void *to, const void *from,
                                                          const void *also, size_t bytes) {
    const size_t count = bytes / sizeof(float), whole = count / 16 * 16;
    float *sum = to;
    const float *a = from, *b = also;
    /* Intrinsics, as the compiler may prefer vectors of 256 bits. */
    for (size_t i = 0; i < whole; i += 16) {
        _mm512_storeu_ps(sum + i, _mm512_add_ps(_mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i)));
    }
    add_elements(sum + whole, a + whole, b + whole, count - whole);
}

static void copy_stream_sse2(void *to, const void *from, const void *also, size_t bytes) {
    const size_t whole = bytes / LINE * LINE;
    (void)also;
    for (size_t i = 0; i < whole; i += LINE) {
        const __m128i *source = (const void *)((const char *)from + i);
        __m128i *target = (void *)((char *)to + i);
        __m128i a = _mm_loadu_si128(source), b = _mm_loadu_si128(source + 1);
        __m128i c = _mm_loadu_si128(source + 2), d = _mm_loadu_si128(source + 3);
        _mm_stream_si128(target, a);
        _mm_stream_si128(target + 1, b);
        _mm_stream_si128(target + 2, c);
        _mm_stream_si128(target + 3, d);
    }
    _mm_sfence();
    memcpy((char *)to + whole, (const char *)from + whole, bytes - whole);
}

static void add_stream_sse2(void *to, const void *from, const void *also, size_t bytes) {
    const size_t count = bytes / sizeof(float), whole = count / 16 * 16;
    float *sum = to;
    const float *a = from, *b = also;
    for (size_t i = 0; i < whole; i += 16) {
        for (size_t k = 0; k < 16; k += 4) {
            _mm_stream_ps(sum + i + k,
                          _mm_add_ps(_mm_loadu_ps(a + i + k), _mm_loadu_ps(b + i + k)));
        }
    }
    _mm_sfence();
    add_elements(sum + whole, a + whole, b + whole, count - whole);
}

/* Copies in 512-bit stores, up to a quarter faster than 128-bit ones on processors that have
 * both. */
__attribute__((target("avx512f"))) static void copy_stream_avx512(void *to, const void *from,
                                                                  const void *also, size_t bytes) {
    const size_t whole = bytes / LINE * LINE;
    (void)also;
    for (size_t i = 0; i < whole; i += LINE) {
        _mm512_stream_si512((void *)((char *)to + i), _mm512_loadu_si512((const char *)from + i));
    }
    _mm_sfence();
    memcpy((char *)to + whole, (const char *)from + whole, bytes - whole);
}

__attribute__((target("avx512f"))) static void add_stream_avx512(void *to, const void *from,
                                                                 const void *also, size_t bytes) {
    const size_t count = bytes / sizeof(float), whole = count / 16 * 16;
    float *sum = to;
    const float *a = from, *b = also;
    for (size_t i = 0; i < whole; i += 16) {
        _mm512_stream_ps(sum + i, _mm512_add_ps(_mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i)));
    }
    _mm_sfence();
    add_elements(sum + whole, a + whole, b + whole, count - whole);
}

static const struct bench_ceiling_loop avx512[BENCH_CEILING_KINDS] = {
    [BENCH_CEILING_READ] = {"read-avx512", read_avx512},
    [BENCH_CEILING_COPY] = {"memcpy", copy_plain},
    [BENCH_CEILING_COPY_STREAM] = {"stream-avx512", copy_stream_avx512},
    [BENCH_CEILING_ADD] = {"add-avx512", add_avx512},
    [BENCH_CEILING_ADD_STREAM] = {"stream-avx512", add_stream_avx512},
};

static const struct bench_ceiling_loop avx2[BENCH_CEILING_KINDS] = {
    [BENCH_CEILING_READ] = {"read-avx2", read_avx2},
    [BENCH_CEILING_COPY] = {"memcpy", copy_plain},
    [BENCH_CEILING_COPY_STREAM] = {"stream-sse2", copy_stream_sse2},
    [BENCH_CEILING_ADD] = {"add-avx2", add_avx2},
    [BENCH_CEILING_ADD_STREAM] = {"stream-sse2", add_stream_sse2},
};

static const struct bench_ceiling_loop sse2[BENCH_CEILING_KINDS] = {
    [BENCH_CEILING_READ] = {"read", read_16},
    [BENCH_CEILING_COPY] = {"memcpy", copy_plain},
    [BENCH_CEILING_COPY_STREAM] = {"stream-sse2", copy_stream_sse2},
    [BENCH_CEILING_ADD] = {"add", add_plain},
    [BENCH_CEILING_ADD_STREAM] = {"stream-sse2", add_stream_sse2},
};

struct bench_ceiling_loop bench_ceiling_loop_at(enum bench_ceiling_kind kind) {
    return __builtin_cpu_supports("avx512f") ? avx512[kind]
           : __builtin_cpu_supports("avx2")  ? avx2[kind]
                                             : sse2[kind];
}
#else
#if defined(__aarch64__)
/* Copies in assembly, as gcc has no built-in function for stnp. */
static void copy_stream_neon(void *to, const void *from, const void *also, size_t bytes) {
    const size_t whole = bytes / LINE * LINE;
    (void)also;
    for (size_t i = 0; i < whole; i += LINE) {
        __asm__ volatile("ldp q0, q1, [%0]\n\t"
                         "ldp q2, q3, [%0, #32]\n\t"
                         "stnp q0, q1, [%1]\n\t"
                         "stnp q2, q3, [%1, #32]"
                         :
                         : "r"((const char *)from + i), "r"((char *)to + i)
                         : "v0", "v1", "v2", "v3", "memory");
    }
    memcpy((char *)to + whole, (const char *)from + whole, bytes - whole);
}

static void add_stream_neon(void *to, const void *from, const void *also, size_t bytes) {
    const size_t whole = bytes / LINE * LINE;
    for (size_t i = 0; i < whole; i += LINE / 2) {
        __asm__ volatile("ldp q0, q1, [%0]\n\t"
                         "ldp q2, q3, [%1]\n\t"
                         "fadd v0.4s, v0.4s, v2.4s\n\t"
                         "fadd v1.4s, v1.4s, v3.4s\n\t"
                         "stnp q0, q1, [%2]"
                         :
                         : "r"((const char *)from + i), "r"((const char *)also + i),
                           "r"((char *)to + i)
                         : "v0", "v1", "v2", "v3", "memory");
    }
    add_plain((char *)to + whole, (const char *)from + whole, (const char *)also + whole,
              bytes - whole);
}

#endif

struct bench_ceiling_loop bench_ceiling_loop_at(enum bench_ceiling_kind kind) {
    static const struct bench_ceiling_loop loops[BENCH_CEILING_KINDS] = {
        [BENCH_CEILING_READ] = {"read", read_16},
        [BENCH_CEILING_COPY] = {"memcpy", copy_plain},
        [BENCH_CEILING_ADD] = {"add", add_plain},
#if defined(__aarch64__)
        [BENCH_CEILING_COPY_STREAM] = {"stream-neon", copy_stream_neon},
        [BENCH_CEILING_ADD_STREAM] = {"stream-neon", add_stream_neon},
#endif
    };
    return loops[kind];
}
#endif
