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
 * sigma(t) = sqrt(sum (t - mu(t))^2 / (S - 1)). The backward pass is in adain_backward.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "reference/definitions/adain_styles.h"
#include "reference/definitions/definitions.h"

/* ---- styles ------------------------------------------------------------------------------- */

static struct reference_moments moments_of_style(const struct reference_view *view, int64_t n,
                                                 int64_t k, int64_t c) {
    if (view->problem->style_source == NORMA_STYLE_SWAP) {
        const int64_t p = view->args->permutation[n] * view->c + c;
        return reference_moments_of(reference_planes_of(view, p, 1, 1));
    }
    return reference_moments_of((struct reference_planes){
        view->args->style, view->problem->dtype, reference_style_at(view, n, k, c), 1, 1,
        norma_problem_style_spatial(view->problem)});
}

static struct reference_statistics statistics_of_style(const struct reference_view *view, int64_t n,
                                                       int64_t k, int64_t c) {
    if (view->problem->style_source == NORMA_STYLE_STATS) {
        const int64_t at = reference_style_at(view, n, k, c);
        return (struct reference_statistics){(double)view->args->style_mean[at],
                                             (double)view->args->style_std[at], 0};
    }
    const struct reference_moments moments = moments_of_style(view, n, k, c);
    const double count = (double)moments.count;
    const double square = view->problem->style_unbiased ? moments.variance * count / (count - 1.0)
                                                        : moments.variance + view->problem->epsilon;
    return (struct reference_statistics){moments.mean, sqrt(square), moments.count};
}

void reference_find_styles(const struct reference_view *view) {
    const int64_t styles = norma_problem_sample_styles(view->problem);
#pragma omp parallel for if (view->parallel)
    for (int64_t i = 0; i < view->n * styles * view->c; i++) {
        const int64_t set = i / view->c;
        const struct reference_statistics style =
            statistics_of_style(view, set / styles, set % styles, i % view->c);
        view->statistics[i] = style;
        reference_put_value(view->result->style_mean, i, style.mean);
        reference_put_value(view->result->style_std, i, style.deviation);
    }
}

/* ---- content ------------------------------------------------------------------------------ */

void reference_find_regions(const struct reference_view *view, int64_t n, int64_t c,
                            struct reference_moments *moments) {
    const int64_t first = reference_plane_at(view, n, c);
    for (int64_t r = 0; r < view->problem->regions; r++) {
        moments[r] = (struct reference_moments){0};
    }
    for (int64_t s = 0; s < view->s; s++) {
        moments[reference_region(view, n, s)].mean += reference_x(view, first + s);
        moments[reference_region(view, n, s)].count++;
    }
    for (int64_t r = 0; r < view->problem->regions; r++) {
        moments[r].mean /= (double)moments[r].count;
    }
    for (int64_t s = 0; s < view->s; s++) {
        struct reference_moments *region = &moments[reference_region(view, n, s)];
        const double deviation = reference_x(view, first + s) - region->mean;
        region->variance += deviation * deviation;
    }
    for (int64_t r = 0; r < view->problem->regions; r++) {
        moments[r].variance /= (double)moments[r].count;
    }
}

/* Finds the statistics of each region of plane (n, c), and returns them in the results. A region
 * without a position in the sample has none; the results have zeros there. */
static void find_contents(const struct reference_view *view, int64_t n, int64_t c,
                          struct reference_statistics *contents) {
    struct reference_moments moments[REFERENCE_MAX_REGIONS];
    reference_find_regions(view, n, c, moments);
    for (int64_t r = 0; r < view->problem->regions; r++) {
        const int64_t at = reference_content_at(view, n, r, c);
        const double deviation = sqrt(moments[r].variance + view->problem->epsilon);
        const bool empty = moments[r].count == 0;
        contents[r] = (struct reference_statistics){moments[r].mean, deviation, moments[r].count};
        reference_put_value(view->result->mean, at, empty ? 0.0 : moments[r].mean);
        reference_put_value(view->result->inverse_std, at, empty ? 0.0 : 1.0 / deviation);
    }
}

/* ---- result ------------------------------------------------------------------------------- */

static void put_element(const struct reference_view *view, int64_t n, int64_t c, int64_t s,
                        struct reference_statistics content) {
    const double alpha = view->problem->alpha;
    const double x = reference_x(view, reference_plane_at(view, n, c) + s);
    const double centred = x - content.mean;
    const double x_hat = centred / content.deviation;
    double y = (1.0 - alpha) * x;
    /* As terms, x counts as (x - mu) + mu, because near x = 0 these two are rounded. */
    double terms = (1.0 - alpha) * (fabs(centred) + fabs(content.mean));
    const struct reference_styles styles = reference_styles_of(view, reference_region(view, n, s));
    for (int64_t k = styles.first; k < styles.last; k++) {
        const struct reference_statistics style =
            view->statistics[reference_style_at(view, n, k, c)];
        const double weight = alpha * reference_style_weight(view, n, k);
        y += weight * (style.deviation * x_hat + style.mean);
        terms += fabs(weight) * (fabs(style.deviation * x_hat) + fabs(style.mean));
    }
    reference_put(view, n, c, s, y, terms);
}

/* Stores the conditions of a region. Mixed styles have that of the worst of them, with the sum of
 * their weights as its slope. */
static void put_conditions(const struct reference_view *view, int64_t n, int64_t region, int64_t c,
                           struct reference_statistics content) {
    const double alpha = view->problem->alpha;
    const struct reference_styles styles = reference_styles_of(view, region);
    struct reference_condition of_content = {1.0 - alpha, content.mean, content.deviation,
                                             content.count};
    struct reference_condition of_style = {0};
    for (int64_t k = styles.first; k < styles.last; k++) {
        const struct reference_statistics style =
            view->statistics[reference_style_at(view, n, k, c)];
        const double weight = alpha * fabs(reference_style_weight(view, n, k));
        of_content.slope += weight * fabs(style.deviation) / content.deviation;
        of_style.slope += weight;
        of_style.mean = fmax(of_style.mean, fabs(style.mean));
        of_style.spread = fmax(of_style.spread, fabs(style.deviation));
        of_style.count = style.count;
    }
    const bool empty = content.count == 0;
    const int64_t at = reference_content_at(view, n, region, c);
    reference_put_condition(view, at, 0, empty ? (struct reference_condition){0} : of_content);
    reference_put_condition(view, at, 1, empty ? (struct reference_condition){0} : of_style);
}

static void put_plane(const struct reference_view *view, int64_t n, int64_t c) {
    struct reference_statistics contents[REFERENCE_MAX_REGIONS];
    find_contents(view, n, c, contents);
    for (int64_t s = 0; s < view->s; s++) {
        put_element(view, n, c, s, contents[reference_region(view, n, s)]);
    }
    for (int64_t r = 0; r < view->problem->regions; r++) {
        put_conditions(view, n, r, c, contents[r]);
    }
}

static double loss_of(const struct reference_view *view, int64_t n) {
    double of_means = 0.0;
    double of_deviations = 0.0;
    for (int64_t c = 0; c < view->c; c++) {
        const struct reference_statistics content = reference_plane_statistics(view, n, c);
        const struct reference_statistics style = view->statistics[n * view->c + c];
        of_means += (content.mean - style.mean) * (content.mean - style.mean);
        of_deviations +=
            (content.deviation - style.deviation) * (content.deviation - style.deviation);
    }
    return sqrt(of_means) + sqrt(of_deviations);
}

static void put_losses(const struct reference_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t n = 0; n < view->n; n++) {
        view->result->style_loss[n] = loss_of(view, n);
    }
}

static void forward(const struct reference_view *view) {
    reference_find_styles(view);
#pragma omp parallel for if (view->parallel)
    for (int64_t p = 0; p < view->n * view->c; p++) {
        put_plane(view, p / view->c, p % view->c);
    }
    if (view->result->style_loss) {
        put_losses(view);
    }
}

void reference_adain(const struct reference_view *view) {
    if (view->backward) {
        reference_adain_backward(view);
    } else {
        forward(view);
    }
}
