/* How large workspaces are beside x, where gradients of parameters are summed over rows.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <float.h>
#include <math.h>
#include <stdio.h>

#include "kernels/tests/bundle.h"

static size_t workspace_of(const char *text, int threads) {
    const struct norma_problem problem = bundle_problem(text);
    struct norma_plan *plan;
    cr_assert(norma_plan_create(&plan, &problem, &(struct norma_options){.threads = threads}) ==
              NORMA_STATUS_OK);
    const size_t bytes = norma_plan_workspace(plan);
    norma_plan_destroy(plan);
    return bytes;
}

/* Checks that it is at most four rows, twice for alpha's sake, for each of 64 groups, and as many
 * values for each thread, which also has four doubles for each of up to 2048 channels. */
static void expect_few_rows(const char *op, int64_t rows, int64_t channels, double share) {
    static const int threads[] = {1, 2, 16, 64};
    char text[64];
    snprintf(text, sizeof text, "%s:%lldx%lld:pass=bwd", op, (long long)rows, (long long)channels);
    for (int i = 0; i < 4; i++) {
        const double x = (double)(rows * channels) * sizeof(float);
        const double bytes = (double)workspace_of(text, threads[i]);
        const double buffers = 16.0 * 1024 + 4.0 * sizeof(double) * fmin((double)channels, 2048.0);
        cr_expect(bytes <= share * x + threads[i] * buffers, "%s, %d threads: %g of x", text,
                  threads[i], bytes / x);
    }
}

Test(workspace, of_rows_is_small_beside_x) {
    static const char *const ops[] = {"ln", "rms", "unit"};
    for (int i = 0; i < 3; i++) {
        expect_few_rows(ops[i], 1000000, 4096, 0.0003);
        expect_few_rows(ops[i], 16384, 4096, 0.016);
        expect_few_rows(ops[i], 4096, 4096, 0.063);
        expect_few_rows(ops[i], 2048, 16384, 0.063);
        expect_few_rows(ops[i], 512, 1024, 0.063);
        expect_few_rows(ops[i], 128, 4096, 0.126);
        expect_few_rows(ops[i], 100000, 8, 0.01);
    }
}

/* Gradients of the parameters over one group of rows, many, and one that is not full; with tiles of
 * whole groups and of parts. */
Test(workspace, of_rows_changes_no_bits) {
    static const char *const texts[] = {"ln:700x130:pass=bwd",
                                        "ln:70x4100:pass=bwd",
                                        "rms:5000x40:pass=bwd",
                                        "unit:530x1030:pass=bwd",
                                        "ln:33x9:pass=bwd",
                                        "ln:20000x3:pass=bwd",
                                        "unit:300x600:alpha=0.3,pass=bwd"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct bundle *before = bundle_make(texts[i], 0), *expected = bundle_copy(before, 0);
        cr_assert(bundle_execute(expected, &(struct norma_options){.threads = 1}) ==
                  NORMA_STATUS_OK);
        for (int threads = 2; threads <= 64; threads = 2 * threads + 1) {
            struct bundle *got = bundle_copy(before, 0);
            cr_assert(bundle_execute(got, &(struct norma_options){.threads = threads}) ==
                      NORMA_STATUS_OK);
            const char *different = bundle_difference(got, expected, REFERENCE_TENSOR_COUNT);
            cr_assert(!different, "%s, %d threads: %s", texts[i], threads, different);
            bundle_free(got);
        }
        bundle_free(before);
        bundle_free(expected);
    }
}

/* Checks the gradient of beta, the sum of dy, which is over several tiles of a group. In float, a
 * value is rounded with at most three others of four rows, and with the other four: half of
 * FLT_EPSILON each, and one for the result. Tenths of a value that is missing are larger. */
static void expect_sum(const char *text) {
    struct bundle *bundle = bundle_make(text, 0);
    const int64_t channels = bundle->problem.c;
    const float *dy = bundle->data[REFERENCE_TENSOR_dy];
    cr_assert(bundle_execute(bundle, &(struct norma_options){.threads = 2}) == NORMA_STATUS_OK);
    for (int64_t c = 0; c < channels; c++) {
        const double got = (double)((float *)bundle->data[REFERENCE_TENSOR_dbeta])[c];
        double sum = 0.0, size = 0.0;
        for (int64_t n = 0; n < bundle->problem.n; n++) {
            sum += (double)dy[n * channels + c];
            size += (double)fabsf(dy[n * channels + c]);
        }
        cr_assert(fabs(got - sum) <= 2.5 * (double)FLT_EPSILON * size,
                  "%s: dbeta[%lld] is %g, not %g", text, (long long)c, got, sum);
    }
    bundle_free(bundle);
}

Test(workspace, of_rows_has_every_row_once) {
    expect_sum("ln:700x130:pass=bwd");
    expect_sum("ln:70x4100:pass=bwd");
    expect_sum("ln:20000x3:pass=bwd");
}
