/* Adaptive instance normalization [AdaIN eq. 5, 6, 8], mu(.) and sigma(.) = sqrt(var + epsilon)
 * over the positions of one (n, c), x the content and t the style:
 *
 *     AdaIN(x, t) = sigma(t) (x - mu(x)) / sigma(x) + mu(t)
 *     y = (1 - alpha) x + alpha AdaIN(x, t)                                             [eq. 14]
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "operators.h"

struct style {
    double mean, deviation;
    int64_t count;
};

static struct style style_of(const struct norma_view *view, int64_t p) {
    if (view->problem->style_source == NORMA_STYLE_STATS) {
        return (struct style){(double)view->args->style_mean[p], (double)view->args->style_std[p],
                              0};
    }
    const struct norma_moments moments = norma_moments((struct norma_planes){
        view->args->style, p, 1, 1, norma_problem_style_spatial(view->problem)});
    return (struct style){moments.mean, sqrt(moments.variance + view->problem->epsilon),
                          moments.count};
}

static void put_plane(const struct norma_view *view, int64_t p, struct norma_moments content,
                      struct style style) {
    const int64_t n = p / view->c;
    const int64_t c = p % view->c;
    const double alpha = view->problem->alpha;
    const double deviation = sqrt(content.variance + view->problem->epsilon);
    const float *x = norma_x(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double scaled = style.deviation * (((double)x[s] - content.mean) / deviation);
        const double y = (1.0 - alpha) * (double)x[s] + alpha * (scaled + style.mean);
        /* As terms, x counts as (x - mu) + mu: near x = 0 the two are what is rounded. */
        const double kept =
            (1.0 - alpha) * (fabs((double)x[s] - content.mean) + fabs(content.mean));
        norma_put(view, n, c, s, y, kept + alpha * (fabs(scaled) + fabs(style.mean)));
    }
    const double slope = alpha * fabs(style.deviation) / deviation + (1.0 - alpha);
    norma_put_condition(view, n, c, 0,
                        (struct norma_condition){slope, content.mean, deviation, content.count});
    norma_put_condition(
        view, n, c, 1,
        (struct norma_condition){alpha, style.mean, fabs(style.deviation), style.count});
}

void norma_reference_adain(const struct norma_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t p = 0; p < view->n * view->c; p++) {
        const struct norma_moments content =
            norma_moments((struct norma_planes){view->args->x, p, 1, 1, view->s});
        norma_put_value(view->result->mean, p, content.mean);
        norma_put_value(view->result->inverse_std, p,
                        1.0 / sqrt(content.variance + view->problem->epsilon));
        put_plane(view, p, content, style_of(view, p));
    }
}
