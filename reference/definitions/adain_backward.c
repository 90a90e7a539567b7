/* Adaptive instance normalization backward: the chain rule on the equations of adain.c. mean,
 * inverse_std (r), style_mean (mu) and style_std (sigma) are given, x^ = (x - mean) r, and sums and
 * means are over the S positions of (n, c), or over those that belong to one region:
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
#include "reference/definitions/adain_styles.h"

/* ---- sums over regions -------------------------------------------------------------------- */

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
    for (int64_t r = 0; r < view->problem->regions; r++) {
        regions[r] = (struct region){
            .given = reference_given_set(view, reference_content_at(view, n, r, c))};
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
}

/* ---- style -------------------------------------------------------------------------------- */

/* Plane (n, k, c) of the styles. The gradients of its mean and deviation are weight times sums. */
struct style {
    double mean, deviation, weight;
    struct reference_sums sums;
    int64_t count;
};

static struct style style_of(const struct reference_view *view, int64_t n, int64_t k, int64_t c,
                             const struct region *regions, int64_t count) {
    const int64_t at = reference_style_at(view, n, k, c);
    return (struct style){
        .mean = (double)view->args->style_mean[at],
        .deviation = (double)view->args->style_std[at],
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
    if (style->deviation != 0.0) {
        reference_add_sum(derivative,
                          style->weight * (t - style->mean) / (divisor * style->deviation),
                          style->sums.h_x_hat);
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

/* Adds what dx gets as content: from (1 - alpha) x, and from alpha sum_k w_k sigma_k x^. */
static void add_content(const struct reference_view *view, struct reference_derivative *dx,
                        int64_t n, int64_t c, int64_t r, const struct region *region, double x,
                        double dy) {
    const struct reference_styles styles = reference_styles_of(view, r);
    reference_add_term(dx, (1.0 - view->problem->alpha) * dy);
    for (int64_t k = styles.first; k < styles.last; k++) {
        const double sigma = (double)view->args->style_std[reference_style_at(view, n, k, c)];
        const double weight = view->problem->alpha * reference_style_weight(view, n, k);
        const struct reference_path path = {region->given, weight * sigma, region->sums,
                                            region->count};
        reference_add_path(dx, &path, x, dy);
    }
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
#pragma omp parallel for if (view->parallel)
    for (int64_t p = 0; p < view->n * view->c; p++) {
        put_plane(view, p / view->c, p % view->c);
    }
}
