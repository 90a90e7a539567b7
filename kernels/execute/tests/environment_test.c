/* The caller's rounding mode, flush-to-zero and traps change no bit of a result, and are restored
 * afterwards. The same holds for threads that were created under them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "kernels/tests/bundle.h"

#include <criterion/criterion.h>
#include <fenv.h>
#include <omp.h>
#include <pthread.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static void flush_to_zero(void) {
#if defined(__x86_64__)
    _mm_setcsr(_mm_getcsr() | 0x8040); /* FTZ, DAZ */
#elif defined(__aarch64__)
    __asm__ volatile("msr fpcr, %0" : : "r"(UINT64_C(1) << 24));
#endif
}

static uint64_t control(void) {
#if defined(__x86_64__)
    return _mm_getcsr() & ~0x3fu;
#elif defined(__aarch64__)
    uint64_t value;
    __asm__ volatile("mrs %0, fpcr" : "=r"(value));
    return value;
#else
    return (uint64_t)fegetround();
#endif
}

static void round_down(void) {
    fesetround(FE_DOWNWARD);
}

static void round_towards_zero(void) {
    fesetround(FE_TOWARDZERO);
}

static void trap(void) {
    feenableexcept(FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW | FE_UNDERFLOW | FE_INEXACT);
}

static void nothing(void) {
}

static void (*const changes[])(void) = {nothing, flush_to_zero, round_down, round_towards_zero,
                                        trap};
enum { CHANGES = sizeof changes / sizeof *changes };

/* ---- execution ---------------------------------------------------------------------------- */

/* One execution after a change of the environment. */
struct run {
    void (*change)(void);
    struct bundle *bundle;
    int threads;
    uint64_t before, after;
    norma_status status;
};

/* Runs on a thread of its own, whose OpenMP threads have all made the change before norma uses
 * them. LLVM's OpenMP gives a team the settings of its first thread, and restores that thread's at
 * the end; GCC's leaves each thread its own. */
static void *execute(void *opaque) {
    struct run *run = opaque;
    run->change();
#pragma omp parallel num_threads(run->threads)
    run->change();
    run->before = control();
    run->status = bundle_execute(run->bundle, &(struct norma_options){.threads = run->threads});
    run->after = control();
    return NULL;
}

/* Makes inputs so small that they, and results, are subnormal. */
static void make_tiny(const struct bundle *bundle) {
    static const int ids[] = {REFERENCE_TENSOR_x,     REFERENCE_TENSOR_residual,
                              REFERENCE_TENSOR_beta,  REFERENCE_TENSOR_dy,
                              REFERENCE_TENSOR_style, REFERENCE_TENSOR_style_mean};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        float *values = bundle->data[ids[i]];
        for (int64_t k = 0; bundle->memory[ids[i]] && k < bundle->tensors[ids[i]].count; k++) {
            values[k] *= 0x1p-130f;
        }
    }
}

static struct run run_under(void (*change)(void), const char *text, int threads) {
    struct run run = {.change = change, .bundle = bundle_make(text, 0), .threads = threads};
    make_tiny(run.bundle);
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, execute, &run), 0);
    cr_assert_eq(pthread_join(thread, NULL), 0);
    cr_assert_eq(run.status, NORMA_STATUS_OK, "%s: %s", text, norma_strerror(run.status));
    return run;
}

static void expect_no_influence(const char *text) {
    for (int threads = 1; threads <= 3; threads++) {
        const struct run usual = run_under(nothing, text, threads);
        for (int i = 1; i < CHANGES; i++) {
            const struct run run = run_under(changes[i], text, threads);
            const char *different = bundle_difference(usual.bundle, run.bundle, -1);
            cr_expect_null(different, "%s, %d threads, change %d: %s", text, threads, i, different);
            cr_expect_eq(run.after, run.before, "%s, %d threads, change %d", text, threads, i);
            cr_expect_neq(run.before, usual.before, "change %d changes nothing", i);
            bundle_free(run.bundle);
        }
        bundle_free(usual.bundle);
    }
}

/* Tiled and two-phase plans, both layouts, forward and backward, large enough for three threads. */
Test(environment, neither_changes_results_nor_is_changed) {
    const char *const texts[] = {
        "in:6x32x17x17",
        "in:1x2x300x301",
        "bn:4x32x17x17:pass=bwd",
        "gn:4x32x17x17:layout=nsc,g=8",
        "bn:4x32x17x17:layout=nsc",
        "bin:4x32x17x17:layout=nsc,pass=bwd",
        "unit:4x32x17x17:alpha=element",
        "unit:4x32x17x17:pass=bwd,alpha=element",
        "unit:4x32x17x17:form=layer",
        "adain:4x32x17x17:pass=bwd",
        "ln:4x32x17x17:pass=bwd,epilogue=add_relu",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        expect_no_influence(texts[i]);
    }
}

/* ---- what else computes ------------------------------------------------------------------- */

Test(environment, gate_update) {
    for (int i = 0; i < CHANGES; i++) {
        float rho[] = {0x1p-126f, 0.3f};
        const float drho[] = {0x1p-100f, -0x1.234568p-4f};
        changes[i]();
        const uint64_t before = control();
        const norma_status status = norma_gate_update(rho, drho, 2, 0x1.99999ap-30, 0x1.8p-1);
        const uint64_t after = control();
        fesetenv(FE_DFL_ENV);
        cr_expect_eq(status, NORMA_STATUS_OK);
        cr_expect_eq(after, before);
        cr_expect_eq(rho[0], (float)(0x1p-126 - 0x1.8p-1 * 0x1.99999ap-30 * 0x1p-100), "%d", i);
        cr_expect_eq(rho[1],
                     (float)((double)0.3f + 0x1.8p-1 * 0x1.99999ap-30 * (double)0x1.234568p-4f),
                     "%d", i);
    }
}

Test(environment, moments_that_meet) {
    const struct norma_partial_moments others = {3, 0x1.23456789abcdfp0, 0x1p-1040};
    struct norma_partial_moments usual = {7, -0x1.fedcba9876543p0, 0x1p-1050};
    const struct norma_partial_moments start = usual;
    cr_assert_eq(norma_stage_merge(&usual, &others, 1), NORMA_STATUS_OK);
    for (int i = 1; i < CHANGES; i++) {
        struct norma_partial_moments merged = start;
        changes[i]();
        const norma_status status = norma_stage_merge(&merged, &others, 1);
        fesetenv(FE_DFL_ENV);
        cr_expect_eq(status, NORMA_STATUS_OK);
        cr_expect_eq(memcmp(&merged, &usual, sizeof merged), 0, "change %d", i);
    }
}
