/* Unitization as its authors train it, backward: the chain rule on the equations of unit_layer.c,
 * with r_c, the given inverse_std, and means over n and s:
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

/* Adds sum(z^2) of plane (n, c). */
static void add_squares(const struct reference_view *view, int64_t n, int64_t c,
                        struct reference_given given, struct reference_sum *squares) {
    const int64_t first = reference_plane_at(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double z = (reference_x(view, first + s) - given.mean) * given.inverse_std;
        reference_accumulate(squares, z * z);
    }
}

/* Finds u_n and v_n. They are functions of sums, whose errors they pass on: du = -u^3/2 dq and
 * dv = v (3 du/u + dH/H). */
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
    const double u = 1.0 / sqrt(squares.value / divisor + view->problem->epsilon);
    const double u_error = u * u * u / 2.0 * squares.absolute / divisor;
    const struct reference_sum h = products.h_x_hat;
    *u_of(view, n) = (struct reference_sum){u, u_error};
    *v_of(view, n) = (struct reference_sum){
        u * u * u * h.value / divisor,
        (u * u * u * h.absolute + 3.0 * u * u * u_error * fabs(h.value)) / divisor,
    };
}

/* ---- parameters --------------------------------------------------------------------------- */

/* Sums over channel c. */
struct channel {
    struct reference_sum dy, product, unitized; /* sum(dy), sum(dy z), sum(u_n dy z) */
};

static struct channel channel_of(const struct reference_view *view, int64_t c) {
    struct channel channel = {.dy = {0}};
    for (int64_t n = 0; n < view->n; n++) {
        const struct reference_sum u = *u_of(view, n);
        struct reference_sums plane = {.h = {0}};
        reference_add_plane(view, n, c, reference_given_batch(view, c), 1.0, &plane);
        channel.dy.value += plane.h.value;
        channel.dy.absolute += plane.h.absolute;
        channel.product.value += plane.h_x_hat.value;
        channel.product.absolute += plane.h_x_hat.absolute;
        channel.unitized.value += u.value * plane.h_x_hat.value;
        channel.unitized.absolute +=
            u.value * plane.h_x_hat.absolute + u.absolute * fabs(plane.h_x_hat.value);
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

static void add_dalpha(const struct reference_view *view, int64_t c, const struct channel *channel,
                       struct reference_derivative *dalpha) {
    reference_add_sum(dalpha, reference_gamma(view, c), channel->unitized);
    reference_add_sum(dalpha, -reference_gamma(view, c), channel->product);
}

static void put_parameters(const struct reference_view *view) {
    struct reference_derivative scalar = {0};
    for (int64_t c = 0; c < view->c; c++) {
        const struct channel channel = channel_of(view, c);
        put_affine(view, c, &channel);
        add_dalpha(view, c, &channel, &scalar);
        if (view->problem->alpha_kind == NORMA_ALPHA_CHANNEL) {
            struct reference_derivative dalpha = {0};
            add_dalpha(view, c, &channel, &dalpha);
            reference_put_gradient(&view->result->dalpha, c, dalpha);
        }
    }
    if (view->problem->alpha_kind == NORMA_ALPHA_SCALAR) {
        reference_put_gradient(&view->result->dalpha, 0, scalar);
    }
}

/* ---- dx ----------------------------------------------------------------------------------- */

static struct reference_derivative dz_of(const struct reference_view *view, int64_t n, int64_t c,
                                         double z, double dy) {
    const double alpha = alpha_of(view, c);
    const double h = reference_gamma(view, c) * dy;
    struct reference_derivative dz = {0};
    reference_add_sum(&dz, alpha * h, *u_of(view, n));
    reference_add_term(&dz, (1.0 - alpha) * h);
    reference_add_sum(&dz, -z, *v_of(view, n));
    return dz;
}

/* Adds factor dz to the sum. */
static void accumulate_dz(struct reference_sum *sum, double factor,
                          struct reference_derivative dz) {
    sum->value += factor * dz.value;
    sum->absolute += fabs(factor) * (dz.terms + dz.sums);
}

/* Adds sum(dz) and sum(dz z) of plane (n, c). */
static void add_dz(const struct reference_view *view, int64_t n, int64_t c,
                   struct reference_given given, struct reference_sums *sums) {
    const int64_t first = reference_plane_at(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double z = (reference_x(view, first + s) - given.mean) * given.inverse_std;
        const struct reference_derivative dz = dz_of(view, n, c, z, reference_dy(view, first + s));
        accumulate_dz(&sums->h, 1.0, dz);
        accumulate_dz(&sums->h_x_hat, z, dz);
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
        const struct reference_derivative dz = dz_of(view, n, c, z, reference_dy(view, first + s));
        struct reference_derivative dx = {r * dz.value, r * dz.terms, r * dz.sums};
        if (sums) {
            reference_add_sum(&dx, -r / count, sums->h);
            reference_add_sum(&dx, -r * z / count, sums->h_x_hat);
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
    for (int64_t n = 0; n < view->n; n++) {
        put_dx(view, n, c, given, training ? &sums : NULL);
    }
}

/* ------------------------------------------------------------------------------------------- */

void reference_unit_layer_backward(const struct reference_view *view) {
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
