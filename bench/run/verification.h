/* Nothing is timed that is wrong: verifies implementations on the very problem, threads and buffers
 * that they are timed on.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RUN_VERIFICATION_H
#define BENCH_RUN_VERIFICATION_H

#include "bench/results/results.h"
#include "verify/harness/harness.h"

/* What the implementations of one case are verified against. */
struct bench_verification {
    struct norma_problem
        problem; /* the case's own, or, where x is very large, with fewer samples */
    char text[NORMA_PROBLEM_TEXT];
    bool reduced;
    struct verify_truth *truth; /* NULL: there was no memory */
    uint64_t seed;
};

/* The problem that stands for this one: the same but for fewer samples if x is over 128 MiB. */
struct norma_problem bench_verified_problem(const struct norma_problem *problem);

/* The memory that verifying it takes, apart from the tensors. */
int64_t bench_verification_bytes(const struct norma_problem *problem);

void bench_verification_open(struct bench_verification *verification,
                             const struct norma_problem *problem, uint64_t seed);
/* The truth takes several times the memory of x; this gives it back. */
void bench_verification_close(struct bench_verification *verification);

/* Verifies the entries that are not ceilings, unless it is settled already that they cannot be
 * timed: sets outcome, reason, kernel, share_of_bound. Those that can be timed then have a state
 * for `problem`. Leaves the inputs of `problem` in pointers. False: interrupted, and not all
 * entries are verified. */
bool bench_verify_entries(const struct bench_verification *verification,
                          const struct norma_problem *problem, int threads,
                          struct bench_entry *entries, size_t count,
                          void *const pointers[REFERENCE_TENSOR_COUNT]);

#endif
