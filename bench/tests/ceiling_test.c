/* The ceilings copy, every byte and no other, whatever the size and the number of threads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "ceiling.h"

#include <criterion/criterion.h>
#include <string.h>

enum { MOST = 20000, FENCE = 16 };

static _Alignas(64) float from[MOST];
static _Alignas(64) float to[MOST + FENCE];

static void expect_copy(const struct norma_implementation *ceiling, int64_t n, int64_t s,
                        int threads) {
    struct norma_problem problem = norma_problem_default(NORMA_BN);
    problem.n = n;
    problem.c = 1;
    problem.spatial_rank = 1;
    problem.spatial[0] = s;
    size_t count = (size_t)(n * s);
    for (size_t i = 0; i < MOST; i++) {
        from[i] = (float)i + 1;
    }
    memset(to, 0, sizeof to);
    void *state;
    cr_assert_eq(ceiling->create(ceiling, &state, &problem, threads), NORMA_OK);
    cr_assert_eq(ceiling->execute(state, &(struct norma_args){.x = from, .y = to}), NORMA_OK);
    cr_expect(strlen(ceiling->kernel(state)) > 0);
    ceiling->destroy(state);
    cr_expect_arr_eq(to, from, count * sizeof(float), "%s %zu by %d", ceiling->name, count,
                     threads);
    for (size_t i = count; i < count + FENCE; i++) {
        cr_assert_eq(to[i], 0, "%s %zu by %d wrote beyond", ceiling->name, count, threads);
    }
}

Test(ceiling, copies) {
    const int64_t sizes[] = {1, 15, 16, 17, 31, 33, 257, 1000, 4096, 19999};
    for (int i = 0; i < NORMA_CEILING_COUNT; i++) {
        for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
            for (int threads = 1; threads <= 5; threads++) {
                expect_copy(&norma_ceilings[i], 1, sizes[k], threads);
            }
        }
    }
}

Test(ceiling, names) {
    cr_expect(norma_is_ceiling("copy"));
    cr_expect(norma_is_ceiling("copy-stream"));
    cr_expect_not(norma_is_ceiling("copy-"));
}
