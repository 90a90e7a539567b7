/* The ceilings copy or add, every element and no other, whatever the size and the number of
 * threads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/machine/ceiling.h"

#include <criterion/criterion.h>
#include <string.h>

enum { MOST = 20000, FENCE = 16 };

static _Alignas(64) float from[MOST];
static _Alignas(64) float also[MOST];
static _Alignas(64) float to[MOST + FENCE];

static struct norma_problem make_problem(norma_pass pass, norma_epilogue epilogue, int64_t s) {
    struct norma_problem problem = norma_problem_default(NORMA_OPERATOR_BN);
    problem.n = 1;
    problem.c = 1;
    problem.spatial_rank = 1;
    problem.spatial[0] = s;
    problem.pass = pass;
    problem.epilogue = epilogue;
    return problem;
}

/* What the loop over `to` must have done: copied, or added the other. */
static void expect_written(const char *name, size_t count, int threads, bool adds) {
    for (size_t i = 0; i < count; i++) {
        cr_assert_eq(to[i], from[i] + (adds ? also[i] : 0), "%s %zu by %d at %zu: %g", name, count,
                     threads, i, (double)to[i]);
    }
    for (size_t i = count; i < count + FENCE; i++) {
        cr_assert_eq(to[i], 0, "%s %zu by %d wrote beyond", name, count, threads);
    }
}

static void expect_ceiling(const struct reference_implementation *ceiling,
                           const struct norma_problem *problem, const struct norma_args *args,
                           int threads, bool adds) {
    for (size_t i = 0; i < MOST; i++) {
        from[i] = (float)i + 1;
        also[i] = (float)(i % 7) * 1000;
    }
    memset(to, 0, sizeof to);
    void *state;
    cr_assert_eq(ceiling->create(ceiling, &state, problem, threads), NORMA_STATUS_OK);
    cr_assert_eq(ceiling->execute(state, args), NORMA_STATUS_OK);
    cr_expect(strlen(ceiling->kernel(state)) > 0);
    ceiling->destroy(state);
    expect_written(ceiling->name, (size_t)problem->spatial[0], threads, adds);
}

static void expect_all(norma_pass pass, norma_epilogue epilogue, const struct norma_args *args,
                       bool adds) {
    const int64_t sizes[] = {1, 15, 16, 17, 31, 33, 257, 1000, 4096, 19999};
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        struct norma_problem problem = make_problem(pass, epilogue, sizes[k]);
        for (int i = 0; i < BENCH_CEILING_COUNT; i++) {
            for (int threads = 1; threads <= 5; threads++) {
                expect_ceiling(&bench_ceilings_of(&problem)[i], &problem, args, threads, adds);
            }
        }
    }
}

Test(ceiling, forward_copies) {
    struct norma_args args = {.x = from, .y = to};
    expect_all(NORMA_PASS_FORWARD, NORMA_EPILOGUE_NONE, &args, false);
    expect_all(NORMA_PASS_INFERENCE, NORMA_EPILOGUE_RELU, &args, false);
}

Test(ceiling, forward_with_a_residual_adds) {
    struct norma_args args = {.x = from, .y = to, .residual = also};
    expect_all(NORMA_PASS_FORWARD, NORMA_EPILOGUE_ADD_RELU, &args, true);
}

Test(ceiling, backward_adds) {
    struct norma_args args = {.x = from, .dy = also, .dx = to};
    expect_all(NORMA_PASS_BACKWARD, NORMA_EPILOGUE_NONE, &args, true);
    expect_all(NORMA_PASS_INFERENCE_BACKWARD, NORMA_EPILOGUE_NONE, &args, true);
}

/* It yields nothing to look at; a sanitizer sees whether it reads more than x. */
Test(ceiling, reading_writes_nothing) {
    const struct reference_implementation *reading = bench_ceiling_of_reading();
    const int64_t sizes[] = {1, 31, 1000, 19999};
    struct norma_args args = {.x = from, .y = to};
    memset(to, 0, sizeof to);
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        struct norma_problem problem =
            make_problem(NORMA_PASS_FORWARD, NORMA_EPILOGUE_NONE, sizes[k]);
        for (int threads = 1; threads <= 5; threads++) {
            void *state;
            cr_assert_eq(reading->create(reading, &state, &problem, threads), NORMA_STATUS_OK);
            cr_assert_eq(reading->execute(state, &args), NORMA_STATUS_OK);
            cr_expect(strlen(reading->kernel(state)) > 0);
            reading->destroy(state);
        }
    }
    for (size_t i = 0; i < MOST + FENCE; i++) {
        cr_assert_eq(to[i], 0);
    }
}

Test(ceiling, names) {
    cr_expect(bench_is_ceiling("copy"));
    cr_expect(bench_is_ceiling("copy-stream"));
    cr_expect(bench_is_ceiling("add"));
    cr_expect(bench_is_ceiling("add-stream"));
    cr_expect_not(bench_is_ceiling("copy-"));
}
