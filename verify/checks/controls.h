/* The floating-point environment of a thread: rounding, flush-to-zero, traps. The exceptions that
 * occurred are not part of it, as any C code may raise them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_CONTROLS_H
#define VERIFY_CHECKS_CONTROLS_H

#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>

static inline uint64_t verify_controls(void) {
    return _mm_getcsr() & ~0x3fu;
}

static inline void verify_controls_set(uint64_t controls) {
    _mm_setcsr((uint32_t)controls | (_mm_getcsr() & 0x3fu));
}

/* Returns the default: rounding to nearest, subnormals kept, no traps. */
static inline uint64_t verify_controls_default(void) {
    return 0x1f80u;
}

/* Returns an unusual one: rounding towards zero, subnormals flushed on both sides, no traps. */
static inline uint64_t verify_controls_strange(void) {
    return 0x1f80u | 0x8040u | 0x6000u;
}

/* Returns one that rounds up and traps every exception. */
static inline uint64_t verify_controls_trapping(void) {
    return 0x4000u;
}

#elif defined(__aarch64__)

static inline uint64_t verify_controls(void) {
    uint64_t controls;
    __asm__ volatile("mrs %0, fpcr" : "=r"(controls) : : "memory");
    return controls;
}

static inline void verify_controls_set(uint64_t controls) {
    __asm__ volatile("msr fpcr, %0" : : "r"(controls) : "memory");
}

static inline uint64_t verify_controls_default(void) {
    return 0;
}

static inline uint64_t verify_controls_strange(void) {
    return UINT64_C(1) << 24 | UINT64_C(3) << 22;
}

static inline uint64_t verify_controls_trapping(void) {
    return UINT64_C(0x9f) << 8 | UINT64_C(1) << 22;
}

#else
#include <fenv.h>

static inline uint64_t verify_controls(void) {
    return (uint64_t)fegetround();
}

static inline void verify_controls_set(uint64_t controls) {
    fesetround((int)controls);
}

static inline uint64_t verify_controls_default(void) {
    return (uint64_t)FE_TONEAREST;
}

static inline uint64_t verify_controls_strange(void) {
    return (uint64_t)FE_TOWARDZERO;
}

static inline uint64_t verify_controls_trapping(void) {
    return (uint64_t)FE_UPWARD;
}

#endif

#endif
