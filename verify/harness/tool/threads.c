/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/harness/tool/threads.h"

#include "verify/harness/tool/memory.h"

#include <omp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

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

/* ---- what the system lets start ------------------------------------------------------------- */

/* Returns the bytes of a stack that OMP_STACKSIZE asks for, such as "16M"; a number alone counts
 * kilobytes. 0: it does not, and the threads' stacks are those of the system. */
static size_t stack_size(void) {
    static const char units[] = "bkmg";
    const char *text = getenv("OMP_STACKSIZE");
    char *end = NULL;
    const unsigned long number = text ? strtoul(text, &end, 10) : 0;
    if (number == 0) {
        return 0;
    }
    end += strspn(end, " ");
    const char *unit = strchr(units, *end | 0x20); /* in lower case */
    return (size_t)number << 10 * (unit ? unit - units : 1);
}

/* Waits until all threads have been started. */
static void *wait_for_start(void *gate) {
    pthread_mutex_lock(gate);
    pthread_mutex_unlock(gate);
    return NULL;
}

/* Starts threads that exist at the same time, and ends them. Returns how many could be started. */
static int start_and_end(int count) {
    pthread_t *threads = tool_allocate((size_t)count, sizeof *threads);
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    pthread_attr_t attributes;
    int started = 0;
    pthread_attr_init(&attributes);
    if (stack_size() > 0) {
        pthread_attr_setstacksize(&attributes, stack_size());
    }
    pthread_mutex_lock(&gate);
    while (started < count &&
           pthread_create(&threads[started], &attributes, wait_for_start, &gate) == 0) {
        started++;
    }
    pthread_mutex_unlock(&gate);
    for (int i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
    pthread_attr_destroy(&attributes);
    free(threads);
    return started;
}

int tool_threads_startable(int threads) {
    if (threads < 2) {
        return threads;
    }
    return 1 + start_and_end(2 * (threads - 1)) / 2;
}

void tool_threads_settle(void) {
    const int wanted = omp_get_max_threads(), startable = tool_threads_startable(wanted);
    if (startable < wanted) {
        omp_set_num_threads(startable);
    }
}
