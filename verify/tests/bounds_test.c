/* The bounds of gradients, by a kernel in float that is as exact as norma promises to be, and by
 * the same kernel with one thing less.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/truth/bounds.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "verify/truth/ground_truth.h"

/* ---- instance normalization backward, as bounds.md describes it ----------------------------- */

enum { GROUP = 8, LARGE = 4 };

/* What the kernel can do without. */
struct ability {
    bool recovers; /* computes a large mean again */
    bool groups;   /* adds groups of 8 in double; otherwise all in float */
};

/* Returns the sum of dy (x - m) over a plane, or of dy where x is NULL: chains of even and of odd
 * elements in float, groups in double. */
static double sum_of(const float *dy, const float *x, float m, int64_t count, bool groups) {
    double sum = 0.0;
    float all = 0.0F;
    for (int64_t first = 0; first < count; first += GROUP) {
        float chains[2] = {0.0F, 0.0F};
        for (int64_t i = first; i < first + GROUP && i < count; i++) {
            chains[i % 2] = fmaf(dy[i], x ? x[i] - m : 1.0F, chains[i % 2]);
        }
        all += chains[0] + chains[1];
        sum += (double)(chains[0] + chains[1]);
    }
    return groups ? sum : (double)all;
}

/* Returns how far the mean is from m, where m has lost digits. */
static double lost_of(const float *x, float m, float inverse_std, int64_t count) {
    double sum = 0.0;
    for (int64_t i = 0; i < count; i++) {
        sum += (double)x[i] - (double)m;
    }
    return fabsf(m) * inverse_std > LARGE ? sum / (double)count : 0.0;
}

struct plane_sums {
    double dy, product; /* sum(dy), sum(dy x^) */
};

/* Stores dx of plane p, and returns its sums. */
static struct plane_sums run_plane(const struct verify_truth *truth, void *const *pointers,
                                   int64_t p, struct ability ability) {
    const int64_t count = norma_problem_spatial(&truth->problem);
    const float *x = (const float *)pointers[REFERENCE_TENSOR_x] + p * count;
    const float *dy = (const float *)pointers[REFERENCE_TENSOR_dy] + p * count;
    float *dx = (float *)pointers[REFERENCE_TENSOR_dx] + p * count;
    const float m = ((const float *)pointers[REFERENCE_TENSOR_mean])[p];
    const float r = ((const float *)pointers[REFERENCE_TENSOR_inverse_std])[p];
    const float *gamma = pointers[REFERENCE_TENSOR_gamma];
    const double lost = ability.recovers ? lost_of(x, m, r, count) : 0.0;
    struct plane_sums sums = {.dy = sum_of(dy, NULL, 0.0F, count, ability.groups)};
    sums.product = (double)r * (sum_of(dy, x, m, count, ability.groups) - lost * sums.dy);
    const double a = (double)gamma[p % truth->problem.c] * (double)r;
    const double b = -a * (double)r * sums.product / (double)count;
    const float k = (float)(-a * sums.dy / (double)count - b * lost);
    for (int64_t i = 0; i < count; i++) {
        dx[i] = fmaf(dy[i], (float)a, fmaf(x[i] - m, (float)b, k));
    }
    return sums;
}

static void run_kernel(const struct verify_truth *truth, void *const *pointers,
                       struct ability ability) {
    float *dgamma = pointers[REFERENCE_TENSOR_dgamma], *dbeta = pointers[REFERENCE_TENSOR_dbeta];
    const struct norma_problem *problem = &truth->problem;
    for (int64_t c = 0; c < problem->c; c++) {
        struct plane_sums all = {0.0, 0.0};
        for (int64_t n = 0; n < problem->n; n++) {
            const struct plane_sums sums = run_plane(truth, pointers, n * problem->c + c, ability);
            all.dy += sums.dy;
            all.product += sums.product;
        }
        dbeta[c] = (float)all.dy;
        dgamma[c] = (float)all.product;
    }
}

/* Returns the verdict on the kernel. */
static struct verify_verdict judge(const char *text, enum verify_data data, uint64_t seed,
                                   struct ability ability) {
    struct norma_problem problem;
    cr_assert(norma_problem_parse(text, &problem, NULL) == NORMA_STATUS_OK, "%s", text);
    struct verify_truth *truth = verify_truth_create(&problem, data, seed);
    void *pointers[REFERENCE_TENSOR_COUNT] = {NULL};
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (truth->tensors[id].count > 0) {
            pointers[id] = calloc(1, reference_tensor_bytes(&truth->tensors[id]));
        }
    }
    verify_truth_inputs(truth, pointers);
    run_kernel(truth, pointers, ability);
    const struct verify_verdict verdict =
        verify_truth_compare(truth, REFERENCE_ACCUMULATE_F64, pointers);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        free(pointers[id]);
    }
    verify_truth_destroy(truth);
    return verdict;
}

/* ---- the tests ------------------------------------------------------------------------------ */

static const char *const problems[] = {"in:3x4x2:pass=bwd", "in:2x4x9:pass=bwd",
                                       "in:2x5x300:pass=bwd", "in:1x2x9000:pass=bwd",
                                       "in:2x3x30x40:pass=bwd"};

enum { PROBLEMS = sizeof problems / sizeof *problems, SEEDS = 12 };

static const struct ability able = {.recovers = true, .groups = true};

/* The extremes of x need coefficients in double, which this kernel does not have. */
Test(bounds, hold_for_a_kernel_that_is_exact) {
    for (int data = 0; data < VERIFY_DATA_EXTREMES; data++) {
        double most = 0.0;
        for (size_t i = 0; i < PROBLEMS * SEEDS; i++) {
            const struct verify_verdict verdict =
                judge(problems[i % PROBLEMS], (enum verify_data)data, 1 + i / PROBLEMS, able);
            cr_expect(verdict.passed, "%s, %s: %s", problems[i % PROBLEMS],
                      verify_data_name((enum verify_data)data), verdict.message);
            most = fmax(most, verdict.share);
        }
        cr_expect(most > 0.1 && most < 0.8, "%s: %g", verify_data_name((enum verify_data)data),
                  most);
    }
}

Test(bounds, fail_a_kernel_that_trusts_a_large_mean) {
    const struct ability trusting = {.recovers = false, .groups = true};
    for (size_t i = 0; i < PROBLEMS * SEEDS; i++) {
        const struct verify_verdict verdict =
            judge(problems[i % PROBLEMS], VERIFY_DATA_LARGE_MEAN, 1 + i / PROBLEMS, trusting);
        cr_expect(verdict.share > 100.0, "%s: %g", problems[i % PROBLEMS], verdict.share);
    }
}

/* Normal data are random, so that the bound of their sums tells one of 70000 elements in float. */
Test(bounds, of_random_sums_fail_a_kernel_that_sums_in_float) {
    const struct ability floating = {.recovers = true, .groups = false};
    static const char *const text = "in:1x3x70000:pass=bwd";
    int failed = 0;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        failed += !judge(text, VERIFY_DATA_NORMAL, seed, floating).passed;
        cr_expect(judge(text, VERIFY_DATA_NORMAL, seed, able).share < 0.8);
    }
    cr_expect(failed > 2, "%d of 4", failed);
}
