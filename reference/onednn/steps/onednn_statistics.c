/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/onednn/steps/onednn_statistics.h"

#include <math.h>

/* Adds squares of differences of means, not a difference of squares, which would cancel if |mean|
 * is much larger than the deviation. */
struct onednn_moments onednn_pool(const float *mean, const float *variance, int64_t count,
                                  int64_t stride) {
    struct onednn_moments pooled = {0.0, 0.0};
    for (int64_t i = 0; i < count; i++) {
        pooled.mean += (double)mean[i * stride];
    }
    pooled.mean /= (double)count;
    for (int64_t i = 0; i < count; i++) {
        const double away = (double)mean[i * stride] - pooled.mean;
        pooled.variance += (double)variance[i * stride] + away * away;
    }
    pooled.variance /= (double)count;
    return pooled;
}

double onednn_inverse_std(double variance, double epsilon) {
    return 1.0 / sqrt(variance + epsilon);
}

/* With momentum 1 the old value may be NaN, and with momentum 0 the batch's. */
static void update(float *running, int64_t c, double momentum, double batch) {
    if (running != NULL && momentum == 1.0) {
        running[c] = (float)batch;
    } else if (running != NULL && momentum > 0.0) {
        running[c] = (float)((1.0 - momentum) * (double)running[c] + momentum * batch);
    }
}

void onednn_store_batch(const struct norma_problem *problem, const struct norma_args *args,
                        int64_t c, int64_t count, struct onednn_moments moments) {
    const double bessel = count > 1 ? (double)count / (double)(count - 1) : 1.0;
    update(args->running_mean, c, problem->momentum, moments.mean);
    update(args->running_variance, c, problem->momentum, moments.variance * bessel);
    onednn_store(args->mean, c, moments.mean);
    onednn_store(args->inverse_std, c, onednn_inverse_std(moments.variance, problem->epsilon));
}
