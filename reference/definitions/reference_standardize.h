/* Standardization, x^ = (x - mean) / deviation with the statistics of a set, and the way that
 * gradients take back through it. bn, in, cin, bin, adain, gn, ln and unit's form layer share it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_DEFINITIONS_REFERENCE_STANDARDIZE_H
#define REFERENCE_DEFINITIONS_REFERENCE_STANDARDIZE_H

#include "reference/definitions/given_statistics.h"

/* ---- forward ------------------------------------------------------------------------------ */

struct reference_statistics {
    double mean, deviation; /* the deviation is sqrt(variance + epsilon) */
    int64_t count;          /* elements of the set; 0 where the statistics were given */
};

/* Returns the statistics of the planes, and stores them as entry `set` of mean and inverse_std. */
struct reference_statistics reference_set_statistics(const struct reference_view *view, int64_t set,
                                                     struct reference_planes planes);

/* Returns the statistics of channel c over the batch: in inference the running ones, in training
 * those of the data, which are stored then, as are the running ones that they lead to. */
struct reference_statistics reference_batch_statistics(const struct reference_view *view,
                                                       int64_t c);

/* Returns the statistics of plane (n, c). */
struct reference_statistics reference_plane_statistics(const struct reference_view *view, int64_t n,
                                                       int64_t c);

/* Stores y = gamma x^ + beta on all of plane (n, c). */
void reference_put_standardized(const struct reference_view *view, int64_t n, int64_t c,
                                struct reference_statistics statistics, double gamma, double beta);

/* ---- backward ----------------------------------------------------------------------------- */

/* Sums over a set: of h = weight dy, and of h x^. */
struct reference_sums {
    struct reference_sum h, h_x_hat;
};

/* Says in sums over elements of one set how far they are off where its statistics were rounded, or
 * the difference to them is. */
void reference_note_roundings(struct reference_given given, struct reference_sums *sums);

/* Adds what plane (n, c) contributes to the sums. */
void reference_add_plane(const struct reference_view *view, int64_t n, int64_t c,
                         struct reference_given given, double weight, struct reference_sums *sums);

/* The way from scale x^ back to x, where scale h is the gradient at x^. */
struct reference_path {
    struct reference_given given;
    double scale;
    struct reference_sums sums;
    int64_t count; /* elements of the set; 0: the statistics do not depend on x */
};

/* Adds to dx what comes along the path at element x, with r = inverse_std:
 *
 *     dx += scale r (h - mean(h) - x^ mean(h x^)),    statistics of x
 *     dx += scale r h,                                constant statistics */
void reference_add_path(struct reference_derivative *dx, const struct reference_path *path,
                        double x, double h);

/* Returns what a bound of dx needs to know of the path. */
struct reference_condition reference_condition_of_path(const struct reference_path *path);

/* Stores dx of plane (n, c), the sum over the paths, with h = weight dy, and their conditions. */
void reference_put_dx(const struct reference_view *view, int64_t n, int64_t c, double weight,
                      const struct reference_path *paths, int count);

#endif
