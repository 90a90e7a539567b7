/* Unitization as its authors train it, backward: the chain rule on the equations of unit_layer.c,
 * with r_c = 1 / sqrt(sigma_c^2 + epsilon), and means over n and s:
 *
 *     z_ncs = (x_ncs - mu_c) r_c                 q_n = 1/(S k) sum_c sum_s z_ncs^2
 *     u_n = 1 / sqrt(q_n + epsilon)              t_nc = alpha_c u_n + (1 - alpha_c)
 *     H_n = sum_c alpha_c gamma_c sum_s dy_ncs z_ncs             v_n = u_n^3 H_n / (S k)
 *     dz_ncs = gamma_c t_nc dy_ncs - v_n z_ncs
 *     dx_ncs = r_c (dz_ncs - mean(dz) - z_ncs mean(dz z))
 *     dx_ncs = r_c dz_ncs                                                          in inference
 *     dbeta_c = sum_n sum_s dy_ncs               dgamma_c = sum_n t_nc sum_s dy_ncs z_ncs
 *     dalpha_c = gamma_c sum_n (u_n - 1) sum_s dy_ncs z_ncs, summed over c where alpha is a number
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "reference/definitions/reference_standardize.h"
#include "reference/definitions/unit_alpha.h"
#include "reference/definitions/unit_forms.h"

static double alpha_of(const struct reference_view *view, int64_t c) {
    return reference_unit_alpha(view, c, 0);
}

/* ---- samples: u_n and v_n ----------------------------------------------------------------- */

static struct reference_sum *u_of(const struct reference_view *view, int64_t n) {
    return &view->samples[n];
}

static struct reference_sum *v_of(const struct reference_view *view, int64_t n) {
    return &view->samples[view->n + n];
}

/* Adds sum(z^2) of plane (n, c), which r is in twice, as is the mean. */
static void add_squares(const struct reference_view *view, int64_t n, int64_t c,
                        struct reference_given given, struct reference_sum *squares) {
    const int64_t first = reference_plane_at(view, n, c);
    struct reference_sum plane = {0}, z_sum = {0};
    for (int64_t s = 0; s < view->s; s++) {
        const double z = (reference_x(view, first + s) - given.mean) * given.inverse_std;
        reference_accumulate(&plane, z * z);
        reference_accumulate(&z_sum, z);
    }
    plane.shared = 2.0 * plane.absolute;
    plane.rounded = 2.0 * (given.rounding * plane.value + given.small * fabs(z_sum.value));
    plane.lost = 2.0 * given.large * z_sum.absolute;
    reference_merge(squares, 1.0, plane);
}

/* Returns u = 1 / sqrt(q + epsilon), q being squares / divisor. Errors of q it passes on:
 * du = -u^3/2 dq. */
static struct reference_sum u_from(struct reference_sum squares, double divisor, double epsilon) {
    const double u = 1.0 / sqrt(squares.value / divisor + epsilon);
    struct reference_sum sum = {0};
    reference_merge(&sum, u * u * u / 2.0 / divisor, squares);
    sum.value = u;
    return sum;
}

/* Returns v = u^3 H / divisor, with dv = v (3 du/u + dH/H). */
static struct reference_sum v_from(struct reference_sum u, struct reference_sum h, double divisor) {
    const double cube = u.value * u.value * u.value / divisor;
    struct reference_derivative v = {0};
    reference_add_sum(&v, cube, h);
    reference_add_sum(&v, 3.0 * u.value * u.value * h.value / divisor, u);
    return (struct reference_sum){.value = cube * h.value,
                                  .absolute = v.sums,
                                  .squares = v.scatter * v.scatter,
                                  .shared = v.shared,
                                  .rounded = v.rounded,
                                  .lost = v.lost};
}

/* Finds u_n and v_n. */
static void find_sample(const struct reference_view *view, int64_t n) {
    struct reference_sum squares = {0};
    struct reference_sums products = {.h = {0}}; /* h_x_hat becomes H_n */
    for (int64_t c = 0; c < view->c; c++) {
        const struct reference_given given = reference_given_batch(view, c);
        add_squares(view, n, c, given, &squares);
        reference_add_plane(view, n, c, given, alpha_of(view, c) * reference_gamma(view, c),
                            &products);
    }
    const double divisor = (double)view->s * view->problem->norm_scale;
    *u_of(view, n) = u_from(squares, divisor, view->problem->epsilon);
    *v_of(view, n) = v_from(*u_of(view, n), products.h_x_hat, divisor);
}

/* ---- parameters --------------------------------------------------------------------------- */

/* Sums over channel c. */
struct channel {
    struct reference_sum dy, product, unitized; /* sum(dy), sum(dy z), sum(u_n dy z) */
};

/* Returns u times a sum, both of which are off. */
static struct reference_sum product_of(struct reference_sum u, struct reference_sum sum) {
    struct reference_sum product = {0};
    reference_merge(&product, u.value, sum);
    reference_merge(&product, sum.value, u);
    product.value = u.value * sum.value;
    return product;
}

static struct channel channel_of(const struct reference_view *view, int64_t c) {
    struct channel channel = {.dy = {0}};
    for (int64_t n = 0; n < view->n; n++) {
        const struct reference_sum u = *u_of(view, n);
        struct reference_sums plane = {.h = {0}};
        reference_add_plane(view, n, c, reference_given_batch(view, c), 1.0, &plane);
        reference_merge(&channel.dy, 1.0, plane.h);
        reference_merge(&channel.product, 1.0, plane.h_x_hat);
        reference_merge(&channel.unitized, 1.0, product_of(u, plane.h_x_hat));
    }
    return channel;
}

static void put_affine(const struct reference_view *view, int64_t c,
                       const struct channel *channel) {
    const double alpha = alpha_of(view, c);
    struct reference_derivative dgamma = {0};
    reference_add_sum(&dgamma, alpha, channel->unitized);
    reference_add_sum(&dgamma, 1.0 - alpha, channel->product);
    reference_put_gradient(&view->result->dgamma, c, dgamma);
    reference_put_sum(&view->result->dbeta, c, 1.0, channel->dy);
}

/* The two sums that dalpha = unitized - product is made of, for one channel or for all. */
struct alpha_sums {
    struct reference_sum unitized, product;
};

static void add_dalpha(const struct reference_view *view, int64_t c, const struct channel *channel,
                       struct alpha_sums *sums) {
    reference_merge(&sums->unitized, reference_gamma(view, c), channel->unitized);
    reference_merge(&sums->product, reference_gamma(view, c), channel->product);
}

static void put_dalpha(const struct reference_view *view, int64_t index,
                       const struct alpha_sums *sums) {
    struct reference_derivative dalpha = {0};
    reference_add_sum(&dalpha, 1.0, sums->unitized);
    reference_add_sum(&dalpha, -1.0, sums->product);
    reference_put_gradient(&view->result->dalpha, index, dalpha);
}

static void put_parameters(const struct reference_view *view) {
    struct alpha_sums scalar = {.unitized = {0}};
    for (int64_t c = 0; c < view->c; c++) {
        const struct channel channel = channel_of(view, c);
        put_affine(view, c, &channel);
        add_dalpha(view, c, &channel, &scalar);
        if (view->problem->alpha_kind == NORMA_ALPHA_CHANNEL) {
            struct alpha_sums sums = {.unitized = {0}};
            add_dalpha(view, c, &channel, &sums);
            put_dalpha(view, c, &sums);
        }
    }
    if (view->problem->alpha_kind == NORMA_ALPHA_SCALAR) {
        put_dalpha(view, 0, &scalar);
    }
}

/* ---- dx ----------------------------------------------------------------------------------- */

static struct reference_derivative dz_of(const struct reference_view *view, int64_t n, int64_t c,
                                         struct reference_given given, double z, double dy) {
    const double alpha = alpha_of(view, c);
    const double h = reference_gamma(view, c) * dy;
    struct reference_derivative dz = {0};
    reference_add_sum(&dz, alpha * h, *u_of(view, n));
    reference_add_term(&dz, (1.0 - alpha) * h);
    const struct reference_sum v = *v_of(view, n);
    reference_add_sum(&dz, -z, v);
    dz.rounded += fabs(v.value) * (given.rounding * fabs(z) + given.small);
    dz.lost += given.large * v.absolute;
    return dz;
}

/* Adds factor dz to the sum. */
static void accumulate_dz(struct reference_sum *sum, double factor,
                          struct reference_derivative dz) {
    sum->value += factor * dz.value;
    sum->absolute += fabs(factor) * (dz.terms + dz.sums);
    sum->rounded += fabs(factor) * dz.rounded;
    sum->lost += fabs(factor) * dz.lost;
}

/* Adds sum(dz) and sum(dz z) of plane (n, c). */
static void add_dz(const struct reference_view *view, int64_t n, int64_t c,
                   struct reference_given given, struct reference_sums *sums) {
    const int64_t first = reference_plane_at(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double z = (reference_x(view, first + s) - given.mean) * given.inverse_std;
        const struct reference_derivative dz =
            dz_of(view, n, c, given, z, reference_dy(view, first + s));
        accumulate_dz(&sums->h, 1.0, dz);
        accumulate_dz(&sums->h_x_hat, z, dz);
        sums->h_x_hat.rounded += fabs(dz.value) * (given.rounding * fabs(z) + given.small);
        sums->h_x_hat.lost += given.large * fabs(dz.value);
    }
}

/* Stores dx of plane (n, c); `sums` is NULL in inference. */
static void put_dx(const struct reference_view *view, int64_t n, int64_t c,
                   struct reference_given given, const struct reference_sums *sums) {
    const double r = given.inverse_std;
    const double count = (double)(view->n * view->s);
    const int64_t first = reference_plane_at(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double z = (reference_x(view, first + s) - given.mean) * r;
        const struct reference_derivative dz =
            dz_of(view, n, c, given, z, reference_dy(view, first + s));
        struct reference_derivative dx = {0};
        reference_add_derivative(&dx, r, dz);
        if (sums) {
            const double product = r * sums->h_x_hat.value / count;
            reference_add_sum(&dx, -r / count, sums->h);
            reference_add_sum(&dx, -r * z / count, sums->h_x_hat);
            dx.rounded += given.rounding * (r * fabs(dz.value) + r * fabs(sums->h.value) / count +
                                            2.0 * fabs(z * product)) +
                          given.small * fabs(product);
            dx.lost += given.large * fabs(r) * sums->h_x_hat.absolute / count;
        }
        reference_put_gradient(&view->result->dx, first + s, dx);
    }
}

static void put_channel(const struct reference_view *view, int64_t c) {
    const bool training = view->problem->pass == NORMA_PASS_BACKWARD;
    const struct reference_given given = reference_given_batch(view, c);
    struct reference_sums sums = {.h = {0}};
    for (int64_t n = 0; n < view->n; n++) {
        add_dz(view, n, c, given, &sums);
    }
    /* All dz of a sample share the errors of u_n and v_n, so that these are not independent. */
    sums.h.squares = sums.h.absolute * sums.h.absolute;
    sums.h_x_hat.squares = sums.h_x_hat.absolute * sums.h_x_hat.absolute;
    const double product = training ? sums.h_x_hat.value / (double)(view->n * view->s) : 0.0;
    for (int64_t n = 0; n < view->n; n++) {
        put_dx(view, n, c, given, training ? &sums : NULL);
        const double slope = given.inverse_std * (fabs(v_of(view, n)->value) + fabs(product));
        reference_put_condition(view, n * view->c + c, 0,
                                (struct reference_condition){slope * given.inverse_std, given.mean,
                                                             1.0 / given.inverse_std,
                                                             training ? view->n * view->s : 0});
    }
}

/* ------------------------------------------------------------------------------------------- */

void reference_unit_layer_backward(const struct reference_view *view) {
    if (view->problem->pass == NORMA_PASS_BACKWARD) {
        reference_find_given(view, (struct reference_set_planes){view->c, 1, view->n, view->c});
    }
#pragma omp parallel for if (view->parallel)
    for (int64_t n = 0; n < view->n; n++) {
        find_sample(view, n);
    }
    put_parameters(view);
#pragma omp parallel for if (view->parallel)
    for (int64_t c = 0; c < view->c; c++) {
        put_channel(view, c);
    }
}
