/* Adaptive instance normalization backward: the chain rule on the equations of adain.c, with
 * r = 1 / sigma(x), mu and sigma those of the style, and x^ = (x - mean) r. Sums and means are over
 * the S positions of (n, c), or over those that belong to one region:
 *
 *     dx = (1 - alpha) dy + alpha sum_k w_nk sigma_nkc r (dy - mean(dy) - x^ mean(dy x^))
 *     dstyle_mean_nkc = alpha w_nk sum(dy)       dstyle_std_nkc = alpha w_nk sum(dy x^)
 *
 * A style t of T positions, whose statistics are mu and sigma = sqrt(sum (t - mu)^2 / D + epsilon)
 * with D = T, or D = T - 1 and no epsilon (std=unbiased), gets
 *
 *     dt = dstyle_mean / T + dstyle_std (t - mu) / (D sigma),    without the second where sigma = 0
 *
 * which is dstyle where the style is a tensor. With style=swap, t is sample n of x itself, as the
 * style of the sample p that has permutation[p] = n; dt, with the mu, sigma and gradients of p,
 * adds to dx of sample n.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "reference/definitions/adain_styles.h"

/* ---- sums over regions -------------------------------------------------------------------- */

/* Returns the statistics of a region of plane (n, c). One without a position has zeros, as in the
 * forward pass. */
static struct reference_given given_region(const struct reference_view *view, int64_t at,
                                           struct reference_moments moments) {
    if (moments.count == 0) {
        return (struct reference_given){0};
    }
    return reference_rounded_statistics(moments.mean,
                                        1.0 / sqrt(moments.variance + view->problem->epsilon),
                                        view->args->mean[at], view->args->inverse_std[at]);
}

/* A region of a plane: its statistics, the sums over it, and the number of its positions. */
struct region {
    struct reference_given given;
    struct reference_sums sums;
    int64_t count;
};

/* Finds the regions of plane (n, c). */
static void find_regions(const struct reference_view *view, int64_t n, int64_t c,
                         struct region *regions) {
    const int64_t first = reference_plane_at(view, n, c);
    struct reference_moments moments[REFERENCE_MAX_REGIONS];
    reference_find_regions(view, n, c, moments);
    for (int64_t r = 0; r < view->problem->regions; r++) {
        regions[r] = (struct region){
            .given = given_region(view, reference_content_at(view, n, r, c), moments[r])};
    }
    for (int64_t s = 0; s < view->s; s++) {
        struct region *region = &regions[reference_region(view, n, s)];
        const double dy = reference_dy(view, first + s);
        const double x = reference_x(view, first + s);
        const double x_hat = (x - region->given.mean) * region->given.inverse_std;
        reference_accumulate(&region->sums.h, dy);
        reference_accumulate(&region->sums.h_x_hat, dy * x_hat);
        region->count++;
    }
    for (int64_t r = 0; r < view->problem->regions; r++) {
        reference_note_roundings(regions[r].given, &regions[r].sums);
    }
}

/* ---- style -------------------------------------------------------------------------------- */

/* Returns the statistics of a style as those of x are returned. They are constants where the caller
 * states them. */
static struct reference_given given_style(const struct reference_view *view, int64_t at) {
    const struct reference_statistics style = view->statistics[at];
    const float mean = view->args->style_mean[at], deviation = view->args->style_std[at];
    const bool constant = view->problem->style_source == NORMA_STYLE_STATS;
    if (constant || !isfinite(mean) || !isfinite(deviation)) {
        return (struct reference_given){.mean = (double)mean,
                                        .inverse_std = 1.0 / (double)deviation};
    }
    if (style.deviation == 0.0) {
        return (struct reference_given){.mean = style.mean, .inverse_std = (double)INFINITY};
    }
    struct reference_given given =
        reference_rounded_statistics(style.mean, 1.0 / style.deviation, mean, 1.0f);
    given.rounding = reference_rounding_of(style.deviation);
    return given;
}

/* Plane (n, k, c) of the styles. The gradients of its mean and deviation are weight times sums. */
struct style {
    struct reference_given given;
    double weight;
    struct reference_sums sums;
    int64_t count;
};

static struct style style_of(const struct reference_view *view, int64_t n, int64_t k, int64_t c,
                             const struct region *regions, int64_t count) {
    const int64_t at = reference_style_at(view, n, k, c);
    return (struct style){
        .given = given_style(view, at),
        .weight = view->problem->alpha * reference_style_weight(view, n, k),
        .sums = regions[view->problem->regions > 1 ? k : 0].sums,
        .count = count,
    };
}

/* Adds dt for the element t. */
static void add_style(const struct reference_view *view, struct reference_derivative *derivative,
                      const struct style *style, double t) {
    const double count = (double)style->count;
    const double divisor = view->problem->style_unbiased ? count - 1.0 : count;
    reference_add_sum(derivative, style->weight / count, style->sums.h);
    if (isfinite(style->given.inverse_std)) {
        const struct reference_given given = style->given;
        const struct reference_sum product = style->sums.h_x_hat;
        const double t_hat = (t - given.mean) * given.inverse_std;
        const double factor = style->weight / divisor;
        reference_add_sum(derivative, factor * t_hat, product);
        derivative->rounded +=
            fabs(factor * product.value) * (given.rounding * fabs(t_hat) + given.small);
        derivative->lost += fabs(factor) * product.absolute * given.large;
    }
}

static void put_dstyle(const struct reference_view *view, int64_t at, const struct style *style) {
    for (int64_t s = 0; s < style->count; s++) {
        const int64_t index = at * style->count + s;
        struct reference_derivative dstyle = {0};
        add_style(view, &dstyle, style,
                  reference_load(view->problem->dtype, view->args->style, index));
        reference_put_gradient(&view->result->dstyle, index, dstyle);
    }
}

/* Stores the gradients of the styles of plane (n, c). */
static void put_styles(const struct reference_view *view, int64_t n, int64_t c,
                       const struct region *regions) {
    const int64_t count = norma_problem_style_spatial(view->problem);
    for (int64_t k = 0; k < norma_problem_sample_styles(view->problem); k++) {
        const int64_t at = reference_style_at(view, n, k, c);
        const struct style style = style_of(view, n, k, c, regions, count);
        reference_put_sum(&view->result->dstyle_mean, at, style.weight, style.sums.h);
        reference_put_sum(&view->result->dstyle_std, at, style.weight, style.sums.h_x_hat);
        if (view->problem->style_source == NORMA_STYLE_TENSOR) {
            put_dstyle(view, at, &style);
        }
    }
}

/* Returns the sample that sample n is the style of. */
static int64_t styled_by(const struct reference_view *view, int64_t n) {
    int64_t p = 0;
    while (view->args->permutation[p] != n) {
        p++;
    }
    return p;
}

/* Returns plane (n, c) of x as a style. */
static struct style style_of_swap(const struct reference_view *view, int64_t n, int64_t c) {
    const int64_t p = styled_by(view, n);
    struct region region;
    find_regions(view, p, c, &region);
    return style_of(view, p, 0, c, &region, view->s);
}

/* ---- content ------------------------------------------------------------------------------ */

/* Returns the way back through style k. */
static struct reference_path path_of(const struct reference_view *view, int64_t n, int64_t k,
                                     int64_t c, const struct region *region) {
    const double sigma = 1.0 / given_style(view, reference_style_at(view, n, k, c)).inverse_std;
    const double weight = view->problem->alpha * reference_style_weight(view, n, k);
    return (struct reference_path){region->given, weight * sigma, region->sums, region->count};
}

/* Adds what dx gets as content: from (1 - alpha) x, and from alpha sum_k w_k sigma_k x^. */
static void add_content(const struct reference_view *view, struct reference_derivative *dx,
                        int64_t n, int64_t c, int64_t r, const struct region *region, double x,
                        double dy) {
    const struct reference_styles styles = reference_styles_of(view, r);
    reference_add_term(dx, (1.0 - view->problem->alpha) * dy);
    for (int64_t k = styles.first; k < styles.last; k++) {
        const struct reference_path path = path_of(view, n, k, c, region);
        struct reference_derivative part = {0};
        reference_add_path(&part, &path, x, dy);
        part.rounded += given_style(view, reference_style_at(view, n, k, c)).rounding * part.terms;
        reference_add_derivative(dx, 1.0, part);
    }
}

/* Stores the condition of a region. Mixed styles have the sum of their slopes, and a plane that is
 * a style has its own mean as the centre of both. */
static void put_condition(const struct reference_view *view, int64_t n, int64_t c, int64_t r,
                          const struct region *region, const struct style *swapped) {
    const struct reference_styles styles = reference_styles_of(view, r);
    struct reference_condition sum = {0.0, region->given.mean, 1.0 / region->given.inverse_std,
                                      region->count};
    for (int64_t k = styles.first; k < styles.last; k++) {
        const struct reference_path path = path_of(view, n, k, c, region);
        sum.slope += reference_condition_of_path(&path).slope;
    }
    if (swapped && isfinite(swapped->given.inverse_std)) {
        sum.slope +=
            fabs(swapped->weight * swapped->given.inverse_std * swapped->sums.h_x_hat.value) /
            (double)swapped->count;
    }
    reference_put_condition(view, reference_content_at(view, n, r, c), 0,
                            region->count > 0 ? sum : (struct reference_condition){0});
}

/* Stores dx of plane (n, c). `swapped` is the plane as a style; NULL: it is none. */
static void put_dx(const struct reference_view *view, int64_t n, int64_t c,
                   const struct region *regions, const struct style *swapped) {
    const int64_t first = reference_plane_at(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const int64_t r = reference_region(view, n, s);
        const double x = reference_x(view, first + s);
        struct reference_derivative dx = {0};
        add_content(view, &dx, n, c, r, &regions[r], x, reference_dy(view, first + s));
        if (swapped) {
            add_style(view, &dx, swapped, x);
        }
        reference_put_gradient(&view->result->dx, first + s, dx);
    }
    for (int64_t r = 0; r < view->problem->regions; r++) {
        put_condition(view, n, c, r, &regions[r], swapped);
    }
}

static void put_plane(const struct reference_view *view, int64_t n, int64_t c) {
    struct region regions[REFERENCE_MAX_REGIONS];
    find_regions(view, n, c, regions);
    if (view->problem->style_source == NORMA_STYLE_SWAP) {
        const struct style swapped = style_of_swap(view, n, c);
        put_dx(view, n, c, regions, &swapped);
    } else {
        put_dx(view, n, c, regions, NULL);
        put_styles(view, n, c, regions);
    }
}

void reference_adain_backward(const struct reference_view *view) {
    reference_find_styles(view);
#pragma omp parallel for if (view->parallel)
    for (int64_t p = 0; p < view->n * view->c; p++) {
        put_plane(view, p / view->c, p % view->c);
    }
}
