/* The inner loops of the ceilings of arithmetic. This file, and only this, is compiled with
 * -ffp-contract=fast, so that a product and a sum become one instruction where the target has it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/machine/arithmetic_loops.h"

/* The number of chains of operations that are independent of each other. They keep all units busy
 * if there are as many as units times cycles of an instruction, mostly 2 times 4, on Arm up to 4
 * times 4. The chains, the factor and the term must fit into the registers. */
#define EACH_OF_12(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11)
#if defined(__aarch64__)
enum { CHAINS = 16 };
#define EACH(DO) EACH_OF_12(DO) DO(12) DO(13) DO(14) DO(15)
#else
enum { CHAINS = 12 };
#define EACH(DO) EACH_OF_12(DO)
#endif

#define START(k) vector chain_##k = term + k;
#define STEP(k)  chain_##k = chain_##k * factor + term;
/* HIDE keeps the inputs from the compiler, which would otherwise compute constant chains itself;
 * SHOW makes it believe that the results are used. */
#define HIDE(value) __asm__ volatile("" : "+m"(value));
#define SHOW(k)     __asm__ volatile("" : : "m"(chain_##k));

/* The values of the chains tend to 2, far from subnormal numbers and overflow, which are slow. */
#define LOOP(NAME, TARGET, TYPE, BYTES)                                                            \
    TARGET static void NAME(int64_t rounds) {                                                      \
        typedef TYPE vector __attribute__((vector_size(BYTES)));                                   \
        vector factor = (vector){0} + (TYPE)0.5, term = (vector){0} + (TYPE)1;                     \
        HIDE(factor)                                                                               \
        HIDE(term)                                                                                 \
        EACH(START)                                                                                \
        for (int64_t i = 0; i < rounds; i++) {                                                     \
            EACH(STEP)                                                                             \
        }                                                                                          \
        EACH(SHOW)                                                                                 \
    }

#define LANES(TYPE, BYTES) (CHAINS * (BYTES) / (int)sizeof(TYPE))

LOOP(float_16, , float, 16)
LOOP(double_16, , double, 16)

#if defined(__x86_64__)
#define AVX2   __attribute__((target("avx2,fma")))
#define AVX512 __attribute__((target("avx512f")))
LOOP(float_avx2, AVX2, float, 32)
LOOP(double_avx2, AVX2, double, 32)
LOOP(float_avx512, AVX512, float, 64)
LOOP(double_avx512, AVX512, double, 64)
#endif

struct bench_arithmetic_loop bench_arithmetic_loop_at(bool of_double) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) {
        return of_double
                   ? (struct bench_arithmetic_loop){"avx512", LANES(double, 64), double_avx512}
                   : (struct bench_arithmetic_loop){"avx512", LANES(float, 64), float_avx512};
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        return of_double ? (struct bench_arithmetic_loop){"avx2", LANES(double, 32), double_avx2}
                         : (struct bench_arithmetic_loop){"avx2", LANES(float, 32), float_avx2};
    }
#endif
    return of_double ? (struct bench_arithmetic_loop){"128 bits", LANES(double, 16), double_16}
                     : (struct bench_arithmetic_loop){"128 bits", LANES(float, 16), float_16};
}
