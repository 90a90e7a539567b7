/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/harness/tool/threads.h"

#include <omp.h>

/* Tells LeakSanitizer of what LLVM's OpenMP keeps until the end of the process. It asks these two
 * functions, and would end the program with an error, or with a table of what it was told. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_options(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libomp";
}
const char *__lsan_default_options(void) {
    return "print_suppressions=0";
}

int tool_threads_most(void) {
    return omp_get_max_active_levels() > 0 ? omp_get_thread_limit() : 1;
}

bool tool_threads_allow(const int *threads, size_t count, struct tool_message *error) {
    const int most = tool_threads_most();
    omp_set_dynamic(false);
    for (size_t i = 0; i < count; i++) {
        if (threads[i] > most) {
            return tool_fail(error,
                             "--threads %d: OpenMP gives at most %d; the environment says so "
                             "(OMP_THREAD_LIMIT, OMP_MAX_ACTIVE_LEVELS)",
                             threads[i], most);
        }
    }
    return true;
}
