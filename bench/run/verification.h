/* Verifies implementations on the very problem, threads and buffers that they are timed on, so that
 * nothing is timed that is wrong.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RUN_VERIFICATION_H
#define BENCH_RUN_VERIFICATION_H

#include "bench/results/results.h"
#include "verify/harness/harness.h"

/* The reference results that the implementations of one case are verified against. */
struct bench_verification {
    /* The problem of the case, or, where x is very large, the same with fewer samples. */
    struct norma_problem problem;
    char text[NORMA_PROBLEM_TEXT];
    bool reduced;
    struct verify_truth *truth; /* NULL: there was not enough memory */
    uint64_t seed;
};

/* Returns the problem that is verified in place of this one: the same, but with fewer samples if x
 * is larger than 128 MiB. External for its test only. */
struct norma_problem bench_verified_problem(const struct norma_problem *problem);

/* Returns the bytes that measuring a problem takes: its tensors, and the reference results that
 * they are verified against. */
uint64_t bench_memory_needed(const struct norma_problem *problem);

/* Computes the reference results. */
void bench_verification_open(struct bench_verification *verification,
                             const struct norma_problem *problem, uint64_t seed);
/* Gives the memory of the reference results back, which is several times that of x. */
void bench_verification_close(struct bench_verification *verification);

/* Verifies the entries that are not ceilings and not yet known to be untimable: sets outcome,
 * reason, kernel and share_of_bound. Entries that can be timed then have a state for `problem`.
 * Leaves the inputs of `problem` in pointers. Returns false if it was interrupted; not all entries
 * are then verified. */
bool bench_verify_entries(const struct bench_verification *verification,
                          const struct norma_problem *problem, int threads,
                          struct bench_entry *entries, size_t count,
                          void *const pointers[REFERENCE_TENSOR_COUNT]);

#endif
