/* A signal ends a measurement early.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "actors.h"
#include "interrupt.h"

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
    return NORMA_OK;
}

Test(interrupt, ends_a_measurement) {
    static const struct norma_implementation raiser = {.name = "raiser", .execute = raise_signal};
    double samples[5];
    struct norma_contender contender = {.implementation = &raiser, .samples = samples};
    struct norma_effort effort = {.seconds = 10, .min_samples = 5, .max_samples = 5};
    norma_interrupt_watch();
    cr_expect_eq(norma_interrupted(), 0);
    cr_expect_not(norma_measure(&contender, 1, &(struct norma_args){0}, &effort, 1));
    cr_expect_eq(norma_interrupted(), SIGTERM);
}

Test(interrupt, the_second_ends_the_program, .signal = SIGINT) {
    norma_interrupt_watch();
    raise(SIGINT);
    cr_expect_eq(norma_interrupted(), SIGINT);
    raise(SIGINT);
}

Test(interrupt, what_the_caller_ignores_stays_ignored) {
    signal(SIGHUP, SIG_IGN);
    norma_interrupt_watch();
    raise(SIGHUP);
    cr_expect_eq(norma_interrupted(), 0);
}
