/* Kernels that end the process they run in, or never return, on a batch of three: to see that it is
 * their own case which fails. They are no part of the catalogue, of which each is caught by a
 * check;
 * --impl mutant:NAME runs one of either.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _DEFAULT_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mutants.h"

static bool is_batch_of_three(const struct norma_problem *problem) {
    return problem->n == 3;
}

static bool is_forward_of_three(const struct norma_problem *problem) {
    return is_batch_of_three(problem) && !norma_is_backward(problem);
}

static void write_behind(struct norma_situation *situation) {
    float *y = situation->data[NORMA_TENSOR_y];
    *(volatile float *)(y + situation->tensors[NORMA_TENSOR_y].count) = 0.0f;
}

static void send_bus_error(struct norma_situation *situation) {
    (void)situation;
    raise(SIGBUS);
}

static void send_illegal_instruction(struct norma_situation *situation) {
    (void)situation;
    raise(SIGILL);
}

static void send_arithmetic_error(struct norma_situation *situation) {
    (void)situation;
    raise(SIGFPE);
}

static void call_abort(struct norma_situation *situation) {
    (void)situation;
    abort();
}

static void call_exit(struct norma_situation *situation) {
    (void)situation;
    exit(0);
}

static void hang(struct norma_situation *situation) {
    (void)situation;
    for (;;) {
        pause();
    }
}

/* A wrong result, in memory that nobody who is asked for a vote can write to. */
static void end_the_vote(struct norma_situation *situation) {
    float *y = situation->data[NORMA_TENSOR_y];
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    *y += 1.0f;
    mprotect((void *)((uintptr_t)y / page * page), page, PROT_READ);
}

const struct norma_mutant norma_mutants_ends[] = {
    {"steps-over", "an element behind y is written", NORMA_CHECK_FAULTS,
     .concerns = is_forward_of_three, .after = write_behind},
    {"bus-error", "memory that is not there", NORMA_CHECK_FAULTS, .concerns = is_batch_of_three,
     .before = send_bus_error},
    {"illegal-instruction", "an instruction that the CPU lacks", NORMA_CHECK_FAULTS,
     .concerns = is_batch_of_three, .before = send_illegal_instruction},
    {"arithmetic-error", "a division by zero", NORMA_CHECK_FAULTS, .concerns = is_batch_of_three,
     .before = send_arithmetic_error},
    {"aborts", "an assertion", NORMA_CHECK_FAULTS, .concerns = is_batch_of_three,
     .before = call_abort},
    {"exits", "it ends the program, with success", NORMA_CHECK_FAULTS,
     .concerns = is_batch_of_three, .before = call_exit},
    {"hangs", "it waits for ever", NORMA_CHECK_FAULTS, .concerns = is_batch_of_three,
     .before = hang},
    {"ends-the-vote", "who is asked for a vote crashes", NORMA_CHECK_FAULTS,
     .concerns = is_forward_of_three, .after = end_the_vote},
    {0},
};
