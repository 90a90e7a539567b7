/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/definitions/given_statistics.h"

#include <float.h>
#include <math.h>

/* A subnormal number is off by half of the smallest step, as the smallest normal one is. */
double reference_rounding_of(double value) {
    const double magnitude = fabs(value);
    return magnitude > 0.0 && magnitude < (double)FLT_MIN ? (double)FLT_MIN / magnitude : 1.0;
}

struct reference_given reference_rounded_statistics(double mean, double inverse_std,
                                                    float given_mean, float given_inverse_std) {
    if (!isfinite(given_mean) || !isfinite(given_inverse_std)) {
        return (struct reference_given){.mean = (double)given_mean,
                                        .inverse_std = (double)given_inverse_std};
    }
    const double deviations = fabs(mean) * inverse_std;
    const bool large = deviations > REFERENCE_LARGE_MEAN;
    return (struct reference_given){
        .mean = mean,
        .inverse_std = inverse_std,
        .rounding = reference_rounding_of(inverse_std),
        .small = large ? REFERENCE_RECOVERED : deviations * reference_rounding_of(mean),
        .large = large ? deviations : 0.0,
    };
}

static struct reference_given given_of(const struct reference_view *view,
                                       struct reference_planes planes, float mean,
                                       float inverse_std) {
    const struct reference_moments moments = reference_moments_of(planes);
    return reference_rounded_statistics(
        moments.mean, 1.0 / sqrt(moments.variance + view->problem->epsilon), mean, inverse_std);
}

void reference_find_given(const struct reference_view *view, struct reference_set_planes planes) {
#pragma omp parallel for if (view->parallel)
    for (int64_t set = 0; set < planes.sets; set++) {
        view->given[set] = given_of(
            view, reference_planes_of(view, set * planes.first, planes.count, planes.stride),
            view->args->mean[set], view->args->inverse_std[set]);
    }
}

void reference_find_given_norms(const struct reference_view *view, double factor, double epsilon) {
#pragma omp parallel for if (view->parallel)
    for (int64_t n = 0; n < view->n; n++) {
        const double squares =
            reference_sum_of_squares(reference_planes_of(view, n * view->c, view->c, 1));
        view->given[n] = reference_rounded_statistics(0.0, 1.0 / sqrt(squares * factor + epsilon),
                                                      0.0f, view->args->inverse_std[n]);
    }
}

/* Returns the place of the statistics of plane (n, c), behind those of the channels. */
static struct reference_given *instance_at(const struct reference_view *view, int64_t n,
                                           int64_t c) {
    return &view->given[view->c + n * view->c + c];
}

void reference_find_given_instances(const struct reference_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t p = 0; p < view->n * view->c; p++) {
        *instance_at(view, p / view->c, p % view->c) =
            given_of(view, reference_planes_of(view, p, 1, 1), view->args->instance_mean[p],
                     view->args->instance_inverse_std[p]);
    }
}

struct reference_given reference_given_set(const struct reference_view *view, int64_t set) {
    return view->given[set];
}

struct reference_given reference_given_instance(const struct reference_view *view, int64_t n,
                                                int64_t c) {
    return *instance_at(view, n, c);
}

struct reference_given reference_given_batch(const struct reference_view *view, int64_t c) {
    if (view->problem->pass == NORMA_PASS_BACKWARD) {
        return reference_given_set(view, c);
    }
    const double variance = (double)view->args->running_variance[c];
    return (struct reference_given){.mean = (double)view->args->running_mean[c],
                                    .inverse_std = 1.0 / sqrt(variance + view->problem->epsilon)};
}
