/* Threads that are lost in a fork. The child of fork() has one thread, the copy of the one that
 * called it. GNU's OpenMP keeps the threads of a team with the thread that began its first region,
 * so that the copy takes its original's threads for its own, and waits for them for ever. Nothing
 * tells whether a thread has such a team, which any other library may have begun. But where a
 * process has no other thread when it forks, no team is lost.
 *
 * Thus the copy takes one thread, unless the process was single-threaded. This stays so in the
 * children of the child, although the child is single-threaded. Threads that the child creates have
 * teams of their own. LLVM's OpenMP starts anew in a child by itself; its users lose threads there,
 * but never results.
 *
 * Ending the team before the fork (omp_pause_resource) would keep all threads. But it would end
 * those of other libraries as well, with the processors that they were bound to.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "kernels/plan/team.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* Whether the calling thread's process had other threads at its last fork, and whether the thread
 * is the copy of one for which that was so. */
static _Thread_local bool has_company, has_lost_threads;

/* Checks whether the process has threads beside the calling one. Linux has a folder for each of a
 * process's threads. Each is a link to the folder that they are in, which has two more. Where there
 * is no /proc, there may be others. */
static bool are_there_others(void) {
    struct stat tasks;
    return stat("/proc/self/task", &tasks) != 0 || tasks.st_nlink != 3;
}

static void before_fork(void) {
    const int error = errno;
    has_company = are_there_others();
    errno = error;
}

static void in_child(void) {
    has_lost_threads = has_lost_threads || has_company;
}

/* Watches from the time when the library is loaded, not from its first plan, as another library's
 * region and a fork may come before that. The C library forgets these functions when the library is
 * unloaded. */
__attribute__((constructor)) static void watch_forks(void) {
    pthread_atfork(before_fork, NULL, in_child);
}

int norma_team(int threads) {
    return threads > 1 && has_lost_threads ? 1 : threads;
}
