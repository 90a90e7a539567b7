/* Several threads execute one plan at once, each with outputs and a workspace of its own and all
 * with the same inputs: `share_plans < PROBLEMS`, one a line. Every thread must get the bits of an
 * execution alone; what else goes wrong, ThreadSanitizer sees. Plans are of one thread, so that the
 * OpenMP runtime, which the sanitizer does not know, has no part in it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "execution.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4, REPETITIONS = 3, MOST_TEXT = 1024 };

struct shared {
    const struct norma_plan *plan;
    pthread_barrier_t start;
};

struct worker {
    struct shared *shared;
    struct norma_execution_memory memory;
    norma_status status; /* of all its executions, if they agree */
    pthread_t thread;
};

/* So often as to make running statistics of the same bits in every thread. */
static norma_status execute(const struct norma_plan *plan,
                            const struct norma_execution_memory *memory) {
    norma_status status = norma_execution_run(plan, memory);
    for (int i = 1; i < REPETITIONS && status == NORMA_OK; i++) {
        status = norma_execution_run(plan, memory);
    }
    return status;
}

static void *work(void *argument) {
    struct worker *worker = argument;
    pthread_barrier_wait(&worker->shared->start);
    worker->status = execute(worker->shared->plan, &worker->memory);
    return NULL;
}

static void run_together(struct shared *shared, struct worker workers[THREADS]) {
    pthread_barrier_init(&shared->start, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        workers[i].shared = shared;
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) {
            fprintf(stderr, "share_plans: no more threads\n");
            exit(2);
        }
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
    }
    pthread_barrier_destroy(&shared->start);
}

/* Does every thread get what an execution alone gets? The threads take their copies of what is
 * overwritten before it is. */
static bool is_shared_well(const struct norma_plan *plan, struct norma_execution_memory *alone) {
    struct shared shared = {.plan = plan};
    struct worker workers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        if (!norma_execution_share(&workers[i].memory, alone)) {
            fprintf(stderr, "share_plans: no more memory\n");
            exit(2);
        }
    }
    run_together(&shared, workers);
    const norma_status status = execute(plan, alone);
    bool same = true;
    for (int i = 0; i < THREADS; i++) {
        same =
            same && workers[i].status == status && norma_execution_same(&workers[i].memory, alone);
        norma_execution_free(&workers[i].memory, alone);
    }
    return same;
}

static bool check(const char *text) {
    struct norma_problem problem;
    struct norma_plan *plan;
    struct norma_execution_memory alone;
    if (norma_problem_parse(text, &problem, NULL) != NORMA_OK ||
        norma_plan_create(&plan, &problem, &(struct norma_options){.threads = 1}) != NORMA_OK ||
        !norma_execution_allocate(&alone, &problem)) {
        fprintf(stderr, "share_plans: cannot execute %s\n", text);
        exit(2);
    }
    const bool same = is_shared_well(plan, &alone);
    norma_execution_free(&alone, NULL);
    norma_plan_destroy(plan);
    return same;
}

int main(void) {
    char text[MOST_TEXT];
    size_t problems = 0, failures = 0;
    for (; fgets(text, sizeof text, stdin); problems++) {
        text[strcspn(text, "\n")] = '\0';
        if (!check(text)) {
            printf("threads that share a plan differ: %s\n", text);
            failures++;
        }
    }
    printf("%zu plans shared by %d threads, %zu with other results\n", problems, THREADS, failures);
    return failures > 0 || problems == 0;
}
