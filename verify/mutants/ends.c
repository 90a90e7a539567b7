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

#include "verify/mutants/mutant_catalogue.h"

static bool is_batch_of_three(const struct norma_problem *problem) {
    return problem->n == 3;
}

static bool is_forward_of_three(const struct norma_problem *problem) {
    return is_batch_of_three(problem) && !reference_is_backward(problem);
}

static void write_behind(struct verify_situation *situation) {
    float *y = situation->data[REFERENCE_TENSOR_y];
    *(volatile float *)(y + situation->tensors[REFERENCE_TENSOR_y].count) = 0.0f;
}

static void send_bus_error(struct verify_situation *situation) {
    (void)situation;
    raise(SIGBUS);
}

static void send_illegal_instruction(struct verify_situation *situation) {
    (void)situation;
    raise(SIGILL);
}

static void send_arithmetic_error(struct verify_situation *situation) {
    (void)situation;
    raise(SIGFPE);
}

static void call_abort(struct verify_situation *situation) {
    (void)situation;
    abort();
}

static void call_exit(struct verify_situation *situation) {
    (void)situation;
    exit(0);
}

static void hang(struct verify_situation *situation) {
    (void)situation;
    for (;;) {
        pause();
    }
}

/* A wrong result, in memory that nobody who is asked for a vote can write to. */
static void end_the_vote(struct verify_situation *situation) {
    float *y = situation->data[REFERENCE_TENSOR_y];
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    *y += 1.0f;
    mprotect((void *)((uintptr_t)y / page * page), page, PROT_READ);
}

const struct verify_mutant verify_mutants_ends[] = {
    {"steps-over", "an element behind y is written", VERIFY_CHECK_FAULTS,
     .concerns = is_forward_of_three, .after = write_behind},
    {"bus-error", "memory that is not there", VERIFY_CHECK_FAULTS, .concerns = is_batch_of_three,
     .before = send_bus_error},
    {"illegal-instruction", "an instruction that the CPU lacks", VERIFY_CHECK_FAULTS,
     .concerns = is_batch_of_three, .before = send_illegal_instruction},
    {"arithmetic-error", "a division by zero", VERIFY_CHECK_FAULTS, .concerns = is_batch_of_three,
     .before = send_arithmetic_error},
    {"aborts", "an assertion", VERIFY_CHECK_FAULTS, .concerns = is_batch_of_three,
     .before = call_abort},
    {"exits", "it ends the program, with success", VERIFY_CHECK_FAULTS,
     .concerns = is_batch_of_three, .before = call_exit},
    {"hangs", "it waits for ever", VERIFY_CHECK_FAULTS, .concerns = is_batch_of_three,
     .before = hang},
    {"ends-the-vote", "who is asked for a vote crashes", VERIFY_CHECK_FAULTS,
     .concerns = is_forward_of_three, .after = end_the_vote},
    {0},
};
