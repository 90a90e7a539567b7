/* Kernels that end the process that they run in, or never return, on a batch of three. They show
 * that it is their own case that fails. As no check catches them, they are no part of the
 * catalogue; `--impl mutant:NAME` runs them as well as those of the catalogue.
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

static void write_behind(struct verify_execution *execution) {
    float *y = execution->data[REFERENCE_TENSOR_y];
    *(volatile float *)(y + execution->tensors[REFERENCE_TENSOR_y].count) = 0.0f;
}

static void send_bus_error(struct verify_execution *execution) {
    (void)execution;
    raise(SIGBUS);
}

static void send_illegal_instruction(struct verify_execution *execution) {
    (void)execution;
    raise(SIGILL);
}

static void send_arithmetic_error(struct verify_execution *execution) {
    (void)execution;
    raise(SIGFPE);
}

static void call_abort(struct verify_execution *execution) {
    (void)execution;
    abort();
}

/* Loads a whole vector from an address that is off its alignment. */
static void load_misaligned(struct verify_execution *execution) {
#if defined(__x86_64__)
    const uintptr_t x = (uintptr_t)execution->source;
    __asm__ volatile("movaps (%0), %%xmm0" : : "r"((x | 15) - 14) : "xmm0", "memory");
#else
    (void)execution;
    raise(SIGBUS);
#endif
}

static void call_exit(struct verify_execution *execution) {
    (void)execution;
    exit(0);
}

static void hang(struct verify_execution *execution) {
    (void)execution;
    for (;;) {
        pause();
    }
}

/* Makes a result wrong, and its memory read-only: the implementation that votes on it crashes. */
static void end_the_vote(struct verify_execution *execution) {
    float *y = execution->data[REFERENCE_TENSOR_y];
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    *y += 1.0f;
    mprotect((void *)((uintptr_t)y / page * page), page, PROT_READ);
}

const struct verify_mutant verify_mutants_crashes[] = {
    {"steps-over", "an element behind y is written", VERIFY_CHECK_FAULTS,
     .concerns = is_forward_of_three, .after = write_behind},
    {"bus-error", "memory that does not exist is used", VERIFY_CHECK_FAULTS,
     .concerns = is_batch_of_three, .before = send_bus_error},
    {"illegal-instruction", "an instruction that the CPU lacks is executed", VERIFY_CHECK_FAULTS,
     .concerns = is_batch_of_three, .before = send_illegal_instruction},
    {"arithmetic-error", "an integer is divided by zero", VERIFY_CHECK_FAULTS,
     .concerns = is_batch_of_three, .before = send_arithmetic_error},
    {"aborts", "an assertion fails", VERIFY_CHECK_FAULTS, .concerns = is_batch_of_three,
     .before = call_abort},
    {"misaligned", "a vector is loaded from an address off its alignment", VERIFY_CHECK_FAULTS,
     .concerns = is_batch_of_three, .before = load_misaligned},
    {"exits", "the program ends with success", VERIFY_CHECK_FAULTS, .concerns = is_batch_of_three,
     .before = call_exit},
    {"hangs", "it never returns", VERIFY_CHECK_FAULTS, .concerns = is_batch_of_three,
     .before = hang},
    {"ends-the-vote", "the implementation that votes on it crashes", VERIFY_CHECK_FAULTS,
     .concerns = is_forward_of_three, .after = end_the_vote},
    {0},
};
