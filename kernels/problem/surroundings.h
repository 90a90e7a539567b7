/* Numbers mean the same everywhere.
 *
 * strtod and printf follow the thread's locale (a decimal comma in de_DE) and floating-point
 * environment (rounding mode; flush-to-zero, which users of SIMD code like to set). Parsing and
 * printing run under the "C" locale and the default environment and put the caller's back. Both
 * belong to the thread, so no other thread notices. glibc and musl have the "C" locale in static
 * memory: newlocale cannot fail there. strtod_l would do for half of this, but there is no portable
 * snprintf_l; localeconv, to learn the decimal point, is not thread-safe.
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

struct norma_surroundings norma_surroundings_leave(void);
void norma_surroundings_restore(const struct norma_surroundings *caller);

#endif
