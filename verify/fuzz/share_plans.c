/* Several threads execute one plan at once, with the same inputs, and each with outputs and a
 * workspace of its own. `share_plans N < PROBLEMS` does so for each problem, one a line, with plans
 * of N threads. Every thread must get the bits of an execution alone, and ThreadSanitizer finds
 * other faults.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "verify/fuzz/fuzz.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHARING = 4, REPETITIONS = 3, MOST_TEXT = 1024 };

struct shared {
    const struct norma_plan *plan;
    pthread_barrier_t start;
};

struct worker {
    struct shared *shared;
    struct fuzz_execution_memory memory;
    norma_status status; /* of its executions: the first error, if there is one */
    pthread_t thread;
};

/* Executes a fixed number of times, so that running statistics get the same bits in every
 * thread. */
static norma_status execute(const struct norma_plan *plan,
                            const struct fuzz_execution_memory *memory) {
    norma_status status = fuzz_execution_run(plan, memory);
    for (int i = 1; i < REPETITIONS && status == NORMA_STATUS_OK; i++) {
        status = fuzz_execution_run(plan, memory);
    }
    return status;
}

static void *work(void *argument) {
    struct worker *worker = argument;
    pthread_barrier_wait(&worker->shared->start);
    worker->status = execute(worker->shared->plan, &worker->memory);
    return NULL;
}

static void run_together(struct shared *shared, struct worker workers[SHARING]) {
    pthread_barrier_init(&shared->start, NULL, SHARING);
    for (int i = 0; i < SHARING; i++) {
        workers[i].shared = shared;
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) {
            fprintf(stderr, "share_plans: no more threads\n");
            exit(2);
        }
    }
    for (int i = 0; i < SHARING; i++) {
        pthread_join(workers[i].thread, NULL);
    }
    pthread_barrier_destroy(&shared->start);
}

/* Checks whether every thread gets the results of an execution alone. The threads copy the tensors
 * that are overwritten before the execution alone overwrites these. */
static bool is_shared_well(const struct norma_plan *plan, struct fuzz_execution_memory *alone) {
    struct shared shared = {.plan = plan};
    struct worker workers[SHARING];
    for (int i = 0; i < SHARING; i++) {
        if (!fuzz_execution_share(&workers[i].memory, alone)) {
            fprintf(stderr, "share_plans: no more memory\n");
            exit(2);
        }
    }
    run_together(&shared, workers);
    const norma_status status = execute(plan, alone);
    bool same = true;
    for (int i = 0; i < SHARING; i++) {
        same =
            same && workers[i].status == status && fuzz_execution_same(&workers[i].memory, alone);
        fuzz_execution_free(&workers[i].memory, alone);
    }
    return same;
}

/* Returns a profile by which even the smallest tensors are divided, into as many tiles and among as
 * many threads as possible. */
static struct norma_profile *eager_profile(void) {
    char text[8192];
    size_t length = (size_t)snprintf(text, sizeof text, "norma-profile 1\nversion %s\ncpu %s\n",
                                     norma_version(), norma_profile_cpu());
    for (size_t set = 0; norma_set_name(set); set++) {
        length +=
            (size_t)snprintf(text + length, sizeof text - length,
                             "set %s\nl2 tile_bytes=4096 thread_bytes=1\n", norma_set_name(set));
    }
    snprintf(text + length, sizeof text - length, "end\n");
    struct norma_profile *profile;
    char message[512];
    if (norma_profile_parse(text, &profile, message, sizeof message) != NORMA_STATUS_OK) {
        fprintf(stderr, "share_plans: %s\n", message);
        exit(2);
    }
    return profile;
}

static bool check(const char *text, const struct norma_options *options) {
    struct norma_problem problem;
    struct norma_plan *plan;
    struct fuzz_execution_memory alone;
    if (norma_problem_parse(text, &problem, NULL) != NORMA_STATUS_OK ||
        norma_plan_create(&plan, &problem, options) != NORMA_STATUS_OK ||
        !fuzz_execution_allocate(&alone, &problem)) {
        fprintf(stderr, "share_plans: cannot execute %s\n", text);
        exit(2);
    }
    const bool same = is_shared_well(plan, &alone);
    fuzz_execution_free(&alone, NULL);
    norma_plan_destroy(plan);
    return same;
}

int main(int argc, char **argv) {
    const int threads = argc == 2 ? atoi(argv[1]) : 0;
    if (threads < 1) {
        fprintf(stderr, "Usage: share_plans THREADS < PROBLEMS\n");
        return 2;
    }
    struct norma_profile *profile = eager_profile();
    const struct norma_options options = {.threads = threads, .profile = profile};
    char text[MOST_TEXT];
    size_t problems = 0, failures = 0;
    for (; fgets(text, sizeof text, stdin); problems++) {
        text[strcspn(text, "\n")] = '\0';
        if (!check(text, &options)) {
            printf("threads that share a plan differ: %s\n", text);
            failures++;
        }
    }
    norma_profile_destroy(profile);
    printf("%zu plans, of threads: %d, shared by %d threads; %zu with other results\n", problems,
           threads, SHARING, failures);
    return failures > 0 || problems == 0;
}
