/* The floating-point environment that results are defined in: rounding to nearest, denormals as
 * they are, no traps. A caller may have another (-ffast-math sets flush-to-zero for a whole
 * program), and so may threads that were made under it: each thread enters before it computes and
 * puts back what it found.
 *
 * By register where that is known, as fegetenv and fesetenv cost a hundred nanoseconds: on x86-64
 * they save the x87 unit as well, in which nothing is computed here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_EXECUTE_ENVIRONMENT_H
#define KERNELS_EXECUTE_ENVIRONMENT_H

#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>

struct norma_environment {
    uint32_t control;
};

enum {
    /* Exceptions that occurred; they are left to add up, as after any C code. */
    NORMA_MXCSR_FLAGS = 0x3f,
    /* To nearest, all exceptions masked, no flush-to-zero, no denormals-are-zero. */
    NORMA_MXCSR_DEFAULT = 0x1f80
};

/* The compiler knows nothing of the register. What is computed from memory stays on its side of
 * this. */
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

/* Zero is to nearest, no flush-to-zero, no default NaN, no traps. */
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
