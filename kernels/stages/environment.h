/* The floating-point environment that results are defined in: rounding to nearest, subnormal
 * numbers kept, no traps. A caller may have another one (-ffast-math sets flush-to-zero for a whole
 * program), and so may the threads that it starts. Therefore each thread enters this environment
 * before it computes, and restores its own afterwards.
 *
 * Where the control register is known it is read and written directly, because fegetenv and
 * fesetenv cost a hundred nanoseconds. On x86-64 they save the x87 unit as well, which computes
 * nothing here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_ENVIRONMENT_H
#define KERNELS_STAGES_ENVIRONMENT_H

#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>

struct norma_environment {
    uint32_t control;
};

enum {
    /* Flags of exceptions that occurred. They are left to add up, as with any C code. */
    NORMA_MXCSR_FLAGS = 0x3f,
    /* Rounding to nearest, all exceptions masked, no flush-to-zero, no denormals-are-zero. */
    NORMA_MXCSR_DEFAULT = 0x1f80
};

/* Keeps computations from memory on their side of a change of the environment: the compiler does
 * not see that they depend on the register. */
static inline void norma_environment_fence(void) {
    __asm__ volatile("" : : : "memory");
}

static inline struct norma_environment norma_environment_enter(void) {
    const uint32_t control = _mm_getcsr();
    const uint32_t flags = control & NORMA_MXCSR_FLAGS;
    if (control != (NORMA_MXCSR_DEFAULT | flags)) {
        _mm_setcsr(NORMA_MXCSR_DEFAULT | flags);
    }
    norma_environment_fence();
    return (struct norma_environment){control};
}

static inline void norma_environment_leave(struct norma_environment caller) {
    norma_environment_fence();
    if ((caller.control & ~(uint32_t)NORMA_MXCSR_FLAGS) != NORMA_MXCSR_DEFAULT) {
        _mm_setcsr(caller.control);
    }
}

#elif defined(__aarch64__)

struct norma_environment {
    uint64_t control;
};

/* Sets the control register. Zero means rounding to nearest, no flush-to-zero, no default NaN, no
 * traps. */
static inline void norma_environment_set(uint64_t control) {
    __asm__ volatile("msr fpcr, %0" : : "r"(control) : "memory");
}

static inline struct norma_environment norma_environment_enter(void) {
    struct norma_environment caller;
    __asm__ volatile("mrs %0, fpcr" : "=r"(caller.control) : : "memory");
    if (caller.control != 0) {
        norma_environment_set(0);
    }
    return caller;
}

static inline void norma_environment_leave(struct norma_environment caller) {
    if (caller.control != 0) {
        norma_environment_set(caller.control);
    }
}

#else
#include <fenv.h>

struct norma_environment {
    fenv_t control;
};

static inline struct norma_environment norma_environment_enter(void) {
    struct norma_environment caller;
    fegetenv(&caller.control);
    fesetenv(FE_DFL_ENV);
    return caller;
}

static inline void norma_environment_leave(struct norma_environment caller) {
    fesetenv(&caller.control);
}

#endif

#endif
