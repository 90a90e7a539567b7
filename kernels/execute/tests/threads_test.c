/* Executions that get fewer threads than they were planned for: in the child of a fork, whose
 * OpenMP may have lost its threads, inside of a parallel region, and under OMP_THREAD_LIMIT, with
 * which these tests run once more. Results are the same to the bit.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "kernels/plan/plan.h"
#include "kernels/tests/bundle.h"

#include <criterion/criterion.h>
#include <omp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Plans of every strategy, in both orders and passes, large enough for the threads. */
static const char *const texts[] = {
    "in:6x32x17x17",
    "bn:6x32x17x17:epilogue=add_relu",
    "bn:6x32x17x17:pass=bwd",
    "in:1x2x300x301",
    "in:1x2x300x301:pass=bwd",
    "bn:1x2x300x301:pass=bwd",
    "gn:6x32x17x17:layout=nsc,g=8",
    "gn:6x32x17x17:layout=nsc,g=8,pass=bwd",
    "in:1x96x900:layout=nsc",
    "in:1x96x900:layout=nsc,pass=bwd",
    "bn:4x2048x4x4:layout=nsc",
    "bn:4x2048x4x4:layout=nsc,pass=bwd",
    "bn:4x3x90x91:layout=nsc",
    "bn:4x3x90x91:layout=nsc,pass=bwd",
    "bin:6x32x17x17:layout=nsc,pass=bwd",
    "unit:6x32x17x17:alpha=element",
    "unit:1x32x57x57:pass=bwd,alpha=element",
    "unit:6x32x17x17:form=layer",
    "unit:6x32x17x17:form=layer,pass=bwd",
    "adain:6x32x17x17",
    "adain:6x32x17x17:pass=bwd",
    "ln:800x300",
    "ln:800x300:pass=bwd",
    "rms:300x1024:pass=bwd",
};
enum { TEXTS = sizeof texts / sizeof *texts, THREADS = 3 };

static norma_status execute(const struct bundle *bundle) {
    return bundle_execute(bundle, &(struct norma_options){.threads = THREADS});
}

static struct norma_plan *plan_of(const char *text) {
    struct norma_plan *plan = NULL;
    const struct norma_problem problem = bundle_problem(text);
    cr_assert(norma_plan_create(&plan, &problem, &(struct norma_options){.threads = THREADS}) ==
              NORMA_STATUS_OK);
    cr_assert(plan->threads == THREADS, "%s has %d threads", text, plan->threads);
    return plan;
}

Test(threads, are_planned_for_every_strategy) {
    bool seen[NORMA_STRATEGY_TILES_OF_SAMPLES + 1] = {false};
    for (int i = 0; i < TEXTS; i++) {
        struct norma_plan *plan = plan_of(texts[i]);
        seen[plan->strategy] = true;
        norma_plan_destroy(plan);
    }
    for (size_t i = 0; i < sizeof seen; i++) {
        cr_expect(seen[i], "no text is of strategy %zu", i);
    }
}

/* ---- children ----------------------------------------------------------------------------- */

/* Returns what work returns in a child process, or -1 where the child does not return in time. */
static int in_a_child(int work(const void *argument), const void *argument) {
    const pid_t child = fork();
    cr_assert(child >= 0);
    if (child == 0) {
        alarm(30);
        _exit(work(argument));
    }
    int status;
    cr_assert(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* An execution that another one, of the same values, must equal. */
struct repetition {
    const struct bundle *before, *expected;
};

static int repeat(const void *argument) {
    const struct repetition *repetition = argument;
    struct bundle *again = bundle_copy(repetition->before, 0);
    return execute(again) == NORMA_STATUS_OK &&
                   !bundle_difference(again, repetition->expected, REFERENCE_TENSOR_COUNT)
               ? 0
               : 1;
}

static int repeat_in_a_child(const void *argument) {
    return in_a_child(repeat, argument);
}

/* Executes, and then again by way of `repeatedly`. */
static void expect_the_same(const char *text, int repeatedly(const void *argument),
                            const char *where) {
    struct bundle *before = bundle_make(text, 0), *expected = bundle_copy(before, 0);
    cr_assert(execute(expected) == NORMA_STATUS_OK, "%s", text);
    const int status = repeatedly(&(struct repetition){before, expected});
    cr_expect(status == 0, "%s %s: %s", text, where, status < 0 ? "hangs" : "differs");
    bundle_free(before);
    bundle_free(expected);
}

Test(fork, keeps_results_in_the_child, .timeout = 250) {
    for (int i = 0; i < TEXTS; i++) {
        expect_the_same(texts[i], repeat_in_a_child, "in a child");
    }
}

static int repeat_in_a_grandchild(const void *argument) {
    return in_a_child(repeat_in_a_child, argument);
}

Test(fork, keeps_results_in_the_grandchild, .timeout = 250) {
    for (int i = 0; i < TEXTS; i++) {
        expect_the_same(texts[i], repeat_in_a_grandchild, "in a grandchild");
    }
}

/* ---- how many threads a child takes ------------------------------------------------------- */

static int team(const void *nothing) {
    (void)nothing;
    return norma_team(THREADS);
}

static int team_in_a_child(const void *nothing) {
    return in_a_child(team, nothing);
}

static void *write_team(void *to) {
    *(int *)to = norma_team(THREADS);
    return NULL;
}

/* Returns the team that a new thread has. */
static int team_in_a_thread(const void *nothing) {
    (void)nothing;
    pthread_t thread;
    int size = 0;
    return pthread_create(&thread, NULL, write_team, &size) == 0 && pthread_join(thread, NULL) == 0
               ? size
               : 0;
}

/* Other threads of a process may be OpenMP's; here they are Criterion's. fork_test.c is a process
 * of one thread. */
Test(fork, of_a_process_with_several_threads_leaves_the_copied_thread_alone) {
    cr_expect(norma_team(THREADS) == THREADS);
    cr_expect(in_a_child(team, NULL) == 1);
    cr_expect(in_a_child(team_in_a_child, NULL) == 1, "a grandchild");
    cr_expect(in_a_child(team_in_a_thread, NULL) == THREADS, "a thread of the child's own");
    cr_expect(norma_team(THREADS) == THREADS, "the parent keeps them");
}

/* ---- fewer threads ------------------------------------------------------------------------ */

/* Repeats in two threads of a region at once, each of which gets a team of one. */
static int repeat_inside_a_region(const void *argument) {
    int wrong = 0;
#pragma omp parallel num_threads(2) reduction(+ : wrong)
    wrong += repeat(argument);
    return wrong;
}

Test(threads, may_be_those_of_the_callers_region) {
    omp_set_max_active_levels(1);
    for (int i = 0; i < TEXTS; i++) {
        expect_the_same(texts[i], repeat_inside_a_region, "inside of a region");
    }
}

Test(threads, may_be_nested) {
    omp_set_max_active_levels(2);
    for (int i = 0; i < TEXTS; i++) {
        expect_the_same(texts[i], repeat_inside_a_region, "inside of an active region");
    }
}

/* Repeats with a team of one, of a plan for three. */
static int repeat_alone(const void *argument) {
    int wrong = 0;
#pragma omp parallel num_threads(1) reduction(+ : wrong)
    wrong += repeat(argument);
    return wrong;
}

/* OpenMP may give fewer threads than a region asks for, where their number is dynamic. */
Test(threads, may_be_fewer_than_planned) {
    omp_set_max_active_levels(0);
    omp_set_dynamic(true);
    for (int i = 0; i < TEXTS; i++) {
        struct bundle *expected = bundle_make(texts[i], 0), *alone = bundle_make(texts[i], 0);
        cr_assert(bundle_execute(expected, &(struct norma_options){.threads = 1}) ==
                  NORMA_STATUS_OK);
        cr_assert(repeat_alone(&(struct repetition){alone, expected}) == 0, "%s", texts[i]);
        bundle_free(expected);
        bundle_free(alone);
    }
}
