/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "kernels/problem/surroundings.h"

struct norma_surroundings norma_surroundings_leave(void) {
    struct norma_surroundings caller;
    fegetenv(&caller.environment);
    fesetenv(FE_DFL_ENV);
    caller.plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    caller.locale = uselocale(caller.plain);
    return caller;
}

void norma_surroundings_restore(const struct norma_surroundings *caller) {
    uselocale(caller->locale);
    if (caller->plain != (locale_t)0) {
        freelocale(caller->plain);
    }
    fesetenv(&caller->environment);
}
