/* Executions at once: in several threads that share a plan, and in a process that was forked.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <omp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "verify/fuzz/trial/scenes.h"
#include "verify/fuzz/trial/story.h"

enum { MOST_THREADS = 4, SECONDS = 60 };

/* Tells LeakSanitizer of what LLVM's OpenMP keeps of a thread that ended after it had begun a
 * parallel region. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libomp";
}

/* ---- threads ------------------------------------------------------------------------------ */

struct worker {
    const struct fuzz_scene *scene;
    pthread_t thread;
    struct fuzz_memory memory;
    norma_status status;
};

static void *work(void *argument) {
    struct worker *worker = argument;
    fuzz_scene_enter(worker->scene);
    worker->status = norma_execute(worker->scene->plan, &worker->memory.args);
    fuzz_scene_leave(worker->scene);
    return NULL;
}

static void expect_right(const struct fuzz_scene *scene, struct worker *worker) {
    fuzz_demand(worker->status == NORMA_STATUS_OK, "an execution beside others, found: %s",
                norma_strerror(worker->status));
    fuzz_memory_expect_kept(&worker->memory, false);
    fuzz_scene_expect_same(scene, &worker->memory, "in threads that share the plan");
    fuzz_memory_free(&worker->memory);
}

void fuzz_execute_shared(struct fuzz_scene *scene) {
    struct worker workers[MOST_THREADS];
    const size_t count = 2 + fuzz_choose(scene->choices, MOST_THREADS - 1);
    fuzz_tell("the plan is shared by %zu threads\n", count);
    for (size_t i = 0; i < count; i++) {
        workers[i].scene = scene;
        fuzz_scene_remember(scene, norma_plan_workspace(scene->plan), &workers[i].memory);
    }
    for (size_t i = 0; i < count; i++) {
        fuzz_demand(pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0, "a thread");
    }
    for (size_t i = 0; i < count; i++) {
        pthread_join(workers[i].thread, NULL);
    }
    for (size_t i = 0; i < count; i++) {
        expect_right(scene, &workers[i]);
    }
}

/* ---- processes ---------------------------------------------------------------------------- */

/* Ends OpenMP in the child, where it began anew. LLVM's has a file in /dev/shm for each process,
 * which one that calls _exit() leaves behind: thousands of them, each to be found by a later
 * process of the same number. GNU's would wait for threads that the child does not have. */
static void end_openmp(void) {
#ifdef __clang__
    omp_pause_resource_all(omp_pause_hard);
#endif
}

/* Executes in the child, which SIGALRM ends if that does not return. */
static _Noreturn void execute_in_child(const struct fuzz_scene *scene, struct fuzz_memory *memory) {
    signal(SIGALRM, SIG_DFL);
    alarm(SECONDS);
    fuzz_scene_enter(scene);
    const norma_status status = norma_execute(scene->plan, &memory->args);
    fuzz_scene_leave(scene);
    fuzz_demand(status == NORMA_STATUS_OK, "an execution after fork, found: %s",
                norma_strerror(status));
    fuzz_memory_expect_kept(memory, false);
    fuzz_scene_expect_same(scene, memory, "after fork");
    end_openmp();
    _exit(0);
}

/* Waits for a child, also where a fuzzer's timer interrupts that. Returns whether it ended. */
static bool wait_for(pid_t child, int *ending) {
    pid_t ended;
    do {
        ended = waitpid(child, ending, 0);
    } while (ended < 0 && errno == EINTR);
    return ended == child;
}

void fuzz_execute_forked(struct fuzz_scene *scene) {
    struct fuzz_memory memory;
    int ending = 0;
    fuzz_tell("forked\n");
    fuzz_scene_remember(scene, norma_plan_workspace(scene->plan), &memory);
    const pid_t child = fork();
    if (child == 0) {
        execute_in_child(scene, &memory);
    }
    fuzz_demand(child > 0 && wait_for(child, &ending), "another process");
    fuzz_demand(!(WIFSIGNALED(ending) && WTERMSIG(ending) == SIGALRM),
                "an execution after fork to end within %d s", SECONDS);
    fuzz_demand(!WIFSIGNALED(ending), "the forked process to end well, found: signal %d",
                WTERMSIG(ending));
    fuzz_demand(ending == 0, "the forked process to end well, found: status %d",
                WEXITSTATUS(ending));
    fuzz_memory_free(&memory);
}
