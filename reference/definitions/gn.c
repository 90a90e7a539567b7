/* Group normalization, D = C/G channels per group, g the group of c:
 *
 *     mu_ng = 1/(DS) sum_{c in g} sum_s x_ncs    sigma_ng^2 = 1/(DS) sum (x_ncs - mu_ng)^2
 *     x^_ncs = (x_ncs - mu_ng) / sqrt(sigma_ng^2 + epsilon)
 *     y_ncs = gamma_c x^_ncs + beta_c
 *
 * Backward, r_ng = 1 / sqrt(sigma_ng^2 + epsilon), h = gamma_c dy, and means over the DS elements
 * of (n, g):
 *
 *     dbeta_c = sum_n sum_s dy_ncs               dgamma_c = sum_n sum_s dy_ncs x^_ncs
 *     dx_ncs = r_ng (h_ncs - mean(h) - x^_ncs mean(h x^))
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/definitions/definitions.h"

/* Returns the number of channels per group. */
static int64_t channels_of(const struct reference_view *view) {
    return view->c / view->problem->groups;
}

static void forward(const struct reference_view *view) {
    const int64_t channels = channels_of(view);
#pragma omp parallel for if (view->parallel)
    for (int64_t set = 0; set < view->n * view->problem->groups; set++) {
        const int64_t first = set * channels;
        const struct reference_statistics statistics =
            reference_set_statistics(view, set, reference_planes_of(view, first, channels, 1));
        for (int64_t p = first; p < first + channels; p++) {
            const int64_t c = p % view->c;
            reference_put_standardized(view, p / view->c, c, statistics, reference_gamma(view, c),
                                       reference_beta(view, c));
        }
    }
}

static void put_images(const struct reference_view *view) {
    const int64_t channels = channels_of(view);
#pragma omp parallel for if (view->parallel)
    for (int64_t set = 0; set < view->n * view->problem->groups; set++) {
        const int64_t first = set * channels;
        const int64_t n = first / view->c;
        struct reference_path path = {
            reference_given_set(view, set), 1.0, {.h = {0}}, channels * view->s};
        for (int64_t c = first % view->c; c < first % view->c + channels; c++) {
            reference_add_plane(view, n, c, path.given, reference_gamma(view, c), &path.sums);
        }
        for (int64_t c = first % view->c; c < first % view->c + channels; c++) {
            reference_put_dx(view, n, c, reference_gamma(view, c), &path, 1);
        }
    }
}

static void put_parameters(const struct reference_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t c = 0; c < view->c; c++) {
        struct reference_sums sums = {.h = {0}};
        for (int64_t n = 0; n < view->n; n++) {
            const int64_t set = (n * view->c + c) / channels_of(view);
            reference_add_plane(view, n, c, reference_given_set(view, set), 1.0, &sums);
        }
        reference_put_sum(&view->result->dbeta, c, 1.0, sums.h);
        reference_put_sum(&view->result->dgamma, c, 1.0, sums.h_x_hat);
    }
}

void reference_gn(const struct reference_view *view) {
    if (view->backward) {
        const int64_t channels = channels_of(view);
        reference_find_given(view, (struct reference_set_planes){view->n * view->problem->groups,
                                                                 channels, channels, 1});
        put_images(view);
        put_parameters(view);
    } else {
        forward(view);
    }
}
