/* Adaptive instance normalization [AdaIN eq. 5, 6, 8], mu(.) and sigma(.) = sqrt(var + epsilon)
 * over the positions of one (n, c), x the content and t the style:
 *
 *     AdaIN(x, t) = sigma(t) (x - mu(x)) / sigma(x) + mu(t)
 *     y = (1 - alpha) x + alpha AdaIN(x, t)                                             [eq. 14]
 *     y = (1 - alpha) x + alpha sum_k w_nk AdaIN(x, t_k)                    several styles [eq. 15]
 *     loss_n = |mu(x) - mu(t)| + |sigma(x) - sigma(t)|, norms over the channels         [eq. 13]
 *
 * With regions, mu(x) and sigma(x) are over the positions of the region that a position belongs to,
 * and t is the region's style. With style=swap, t is sample permutation[n] of x. With std=unbiased,
 * sigma(t) = sqrt(sum (t - mu(t))^2 / (S - 1)). Backward: adain_backward.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "adain.h"

#include <math.h>

/* ---- styles ------------------------------------------------------------------------------- */

static struct norma_moments moments_of_style(const struct norma_view *view, int64_t n, int64_t k,
                                             int64_t c) {
    if (view->problem->style_source == NORMA_STYLE_SWAP) {
        const int64_t p = view->args->permutation[n] * view->c + c;
        return norma_moments((struct norma_planes){view->args->x, p, 1, 1, view->s});
    }
    return norma_moments((struct norma_planes){view->args->style, norma_style_at(view, n, k, c), 1,
                                               1, norma_problem_style_spatial(view->problem)});
}

static struct norma_statistics statistics_of_style(const struct norma_view *view, int64_t n,
                                                   int64_t k, int64_t c) {
    if (view->problem->style_source == NORMA_STYLE_STATS) {
        const int64_t at = norma_style_at(view, n, k, c);
        return (struct norma_statistics){(double)view->args->style_mean[at],
                                         (double)view->args->style_std[at], 0};
    }
    const struct norma_moments moments = moments_of_style(view, n, k, c);
    const double count = (double)moments.count;
    const double square = view->problem->style_unbiased ? moments.variance * count / (count - 1.0)
                                                        : moments.variance + view->problem->epsilon;
    return (struct norma_statistics){moments.mean, sqrt(square), moments.count};
}

static void find_styles(const struct norma_view *view) {
    const int64_t styles = norma_problem_sample_styles(view->problem);
#pragma omp parallel for if (view->parallel)
    for (int64_t i = 0; i < view->n * styles * view->c; i++) {
        const int64_t set = i / view->c;
        const struct norma_statistics style =
            statistics_of_style(view, set / styles, set % styles, i % view->c);
        view->statistics[i] = style;
        norma_put_value(view->result->style_mean, i, style.mean);
        norma_put_value(view->result->style_std, i, style.deviation);
    }
}

/* ---- content ------------------------------------------------------------------------------ */

/* Two passes, as norma_moments, but by region: those of plane (n, c). */
static void find_moments(const struct norma_view *view, int64_t n, int64_t c,
                         struct norma_moments *moments) {
    const float *x = norma_x(view, n, c);
    for (int64_t r = 0; r < view->problem->regions; r++) {
        moments[r] = (struct norma_moments){0};
    }
    for (int64_t s = 0; s < view->s; s++) {
        moments[norma_region(view, n, s)].mean += (double)x[s];
        moments[norma_region(view, n, s)].count++;
    }
    for (int64_t r = 0; r < view->problem->regions; r++) {
        moments[r].mean /= (double)moments[r].count;
    }
    for (int64_t s = 0; s < view->s; s++) {
        struct norma_moments *region = &moments[norma_region(view, n, s)];
        const double deviation = (double)x[s] - region->mean;
        region->variance += deviation * deviation;
    }
    for (int64_t r = 0; r < view->problem->regions; r++) {
        moments[r].variance /= (double)moments[r].count;
    }
}

/* A region without a position in the sample has no statistics; zeros stand for them. */
static void find_contents(const struct norma_view *view, int64_t n, int64_t c,
                          struct norma_statistics *contents) {
    struct norma_moments moments[NORMA_MAX_REGIONS];
    find_moments(view, n, c, moments);
    for (int64_t r = 0; r < view->problem->regions; r++) {
        const int64_t at = norma_content_at(view, n, r, c);
        const double deviation = sqrt(moments[r].variance + view->problem->epsilon);
        const bool empty = moments[r].count == 0;
        contents[r] = (struct norma_statistics){moments[r].mean, deviation, moments[r].count};
        norma_put_value(view->result->mean, at, empty ? 0.0 : moments[r].mean);
        norma_put_value(view->result->inverse_std, at, empty ? 0.0 : 1.0 / deviation);
    }
}

/* ---- result ------------------------------------------------------------------------------- */

static void put_element(const struct norma_view *view, int64_t n, int64_t c, int64_t s,
                        struct norma_statistics content) {
    const double alpha = view->problem->alpha;
    const double centred = (double)norma_x(view, n, c)[s] - content.mean;
    const double x_hat = centred / content.deviation;
    double y = (1.0 - alpha) * (double)norma_x(view, n, c)[s];
    /* As terms, x counts as (x - mu) + mu: near x = 0 the two are what is rounded. */
    double terms = (1.0 - alpha) * (fabs(centred) + fabs(content.mean));
    const struct norma_styles styles = norma_styles_of(view, norma_region(view, n, s));
    for (int64_t k = styles.first; k < styles.last; k++) {
        const struct norma_statistics style = view->statistics[norma_style_at(view, n, k, c)];
        const double weight = alpha * norma_style_weight(view, n, k);
        y += weight * (style.deviation * x_hat + style.mean);
        terms += fabs(weight) * (fabs(style.deviation * x_hat) + fabs(style.mean));
    }
    norma_put(view, n, c, s, y, terms);
}

/* Of mixed styles, the condition is that of the worst of them, with all of their weights. */
static void put_conditions(const struct norma_view *view, int64_t n, int64_t region, int64_t c,
                           struct norma_statistics content) {
    const double alpha = view->problem->alpha;
    const struct norma_styles styles = norma_styles_of(view, region);
    struct norma_condition of_content = {1.0 - alpha, content.mean, content.deviation,
                                         content.count};
    struct norma_condition of_style = {0};
    for (int64_t k = styles.first; k < styles.last; k++) {
        const struct norma_statistics style = view->statistics[norma_style_at(view, n, k, c)];
        const double weight = alpha * fabs(norma_style_weight(view, n, k));
        of_content.slope += weight * fabs(style.deviation) / content.deviation;
        of_style.slope += weight;
        of_style.mean = fmax(of_style.mean, fabs(style.mean));
        of_style.spread = fmax(of_style.spread, fabs(style.deviation));
        of_style.count = style.count;
    }
    const bool empty = content.count == 0;
    const int64_t at = norma_content_at(view, n, region, c);
    norma_put_condition(view, at, 0, empty ? (struct norma_condition){0} : of_content);
    norma_put_condition(view, at, 1, empty ? (struct norma_condition){0} : of_style);
}

static void put_plane(const struct norma_view *view, int64_t n, int64_t c) {
    struct norma_statistics contents[NORMA_MAX_REGIONS];
    find_contents(view, n, c, contents);
    for (int64_t s = 0; s < view->s; s++) {
        put_element(view, n, c, s, contents[norma_region(view, n, s)]);
    }
    for (int64_t r = 0; r < view->problem->regions; r++) {
        put_conditions(view, n, r, c, contents[r]);
    }
}

static double loss_of(const struct norma_view *view, int64_t n) {
    double of_means = 0.0;
    double of_deviations = 0.0;
    for (int64_t c = 0; c < view->c; c++) {
        const struct norma_statistics content = norma_plane_statistics(view, n, c);
        const struct norma_statistics style = view->statistics[n * view->c + c];
        of_means += (content.mean - style.mean) * (content.mean - style.mean);
        of_deviations +=
            (content.deviation - style.deviation) * (content.deviation - style.deviation);
    }
    return sqrt(of_means) + sqrt(of_deviations);
}

static void put_losses(const struct norma_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t n = 0; n < view->n; n++) {
        view->result->style_loss[n] = loss_of(view, n);
    }
}

static void forward(const struct norma_view *view) {
    find_styles(view);
#pragma omp parallel for if (view->parallel)
    for (int64_t p = 0; p < view->n * view->c; p++) {
        put_plane(view, p / view->c, p % view->c);
    }
    if (view->result->style_loss) {
        put_losses(view);
    }
}

void norma_reference_adain(const struct norma_view *view) {
    if (view->backward) {
        norma_adain_backward(view);
    } else {
        forward(view);
    }
}
