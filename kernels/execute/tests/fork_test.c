/* How many threads a child takes whose parent had one thread. Criterion has one of its own, so that
 * this is a program without it, which returns the number of failures.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "kernels/plan/plan.h"

#include <omp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 3 };

static int failures;

static void expect(bool condition, const char *what) {
    if (!condition) {
        fprintf(stderr, "FAILED: %s\n", what);
        failures++;
    }
}

/* Returns what work returns in a child process. */
static int in_a_child(int work(int threads), int threads) {
    const pid_t child = fork();
    if (child == 0) {
        _exit(work(threads));
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

static int team_in_a_child(int threads) {
    return in_a_child(norma_team, threads);
}

/* Another library's, for all that libnorma knows. */
static void begin_a_team(void) {
#pragma omp parallel num_threads(2)
    expect(omp_get_num_threads() == 2, "there are two threads");
}

int main(void) {
    expect(norma_team(THREADS) == THREADS, "a process has all threads");
    expect(in_a_child(norma_team, THREADS) == THREADS, "its child has them");
    expect(in_a_child(team_in_a_child, THREADS) == THREADS, "its grandchild has them");
    begin_a_team();
    expect(norma_team(THREADS) == THREADS, "with a team, a process has all threads");
    expect(in_a_child(norma_team, THREADS) == 1, "its child has lost a team");
    expect(in_a_child(team_in_a_child, THREADS) == 1, "its grandchild as well");
    return failures;
}
