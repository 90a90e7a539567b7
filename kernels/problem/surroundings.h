/* Makes parsing and printing numbers independent of the caller.
 *
 * strtod and printf depend on the thread's locale (a decimal comma in de_DE) and floating-point
 * environment (the rounding mode, and flush-to-zero, which users of SIMD code often set). Parsing
 * and printing run under the "C" locale and the default environment, and restore the caller's. Both
 * belong to the thread, so other threads are not affected. In glibc and musl newlocale cannot fail
 * for the "C" locale, which is in static memory. strtod_l would solve half of this, but there is no
 * portable snprintf_l; localeconv, which gives the decimal point, is not thread-safe.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_PROBLEM_SURROUNDINGS_H
#define KERNELS_PROBLEM_SURROUNDINGS_H

#include <fenv.h>
#include <locale.h>

struct norma_surroundings {
    fenv_t environment;
    locale_t locale, plain;
};

/* Leaves the caller's surroundings, and returns them for norma_surroundings_restore. */
struct norma_surroundings norma_surroundings_leave(void);
void norma_surroundings_restore(const struct norma_surroundings *caller);

#endif
