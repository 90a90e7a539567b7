/* Checks that a signal ends a measurement early.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/tests/actors.h"
#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>
#include <signal.h>

static norma_status raise_signal(void *state, const struct norma_args *args) {
    static bool raised;
    (void)state, (void)args;
    actor_clock += 1e-3;
    if (!raised) {
        raised = true;
        raise(SIGTERM);
    }
    return NORMA_STATUS_OK;
}

Test(interrupt, ends_a_measurement) {
    static const struct reference_implementation raiser = {.name = "raiser",
                                                           .execute = raise_signal};
    double samples[5];
    struct bench_contender contender = {.implementation = &raiser, .samples = samples};
    struct bench_effort effort = {.seconds = 10, .min_samples = 5, .max_samples = 5};
    tool_interrupt_watch(TOOL_GRACE);
    cr_expect_eq(tool_interrupted(), 0);
    cr_expect_not(bench_measure(&contender, 1, &(struct norma_args){0}, &effort, 1));
    cr_expect_eq(tool_interrupted(), SIGTERM);
}

Test(interrupt, the_second_ends_the_program, .signal = SIGINT) {
    tool_interrupt_watch(TOOL_GRACE);
    raise(SIGINT);
    cr_expect_eq(tool_interrupted(), SIGINT);
    raise(SIGINT);
}

Test(interrupt, the_second_ends_a_program_without_grace, .signal = SIGINT) {
    tool_interrupt_watch(0);
    raise(SIGINT);
    cr_expect_eq(tool_interrupted(), SIGINT);
    raise(SIGINT);
}

Test(interrupt, what_the_caller_ignores_stays_ignored) {
    signal(SIGHUP, SIG_IGN);
    tool_interrupt_watch(TOOL_GRACE);
    raise(SIGHUP);
    cr_expect_eq(tool_interrupted(), 0);
}

Test(interrupt, is_noted_as_often_as_it_comes) {
    tool_interrupt_note();
    raise(SIGINT);
    cr_expect_eq(tool_interrupted(), SIGINT);
    raise(SIGTERM);
    cr_expect_eq(tool_interrupted(), SIGTERM);
}
