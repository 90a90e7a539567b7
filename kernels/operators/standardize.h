/* The common parts of operators that standardize by the statistics of some set, then scale by gamma
 * and shift by beta.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_OPERATORS_STANDARDIZE_H
#define KERNELS_OPERATORS_STANDARDIZE_H

#include "kernels/operators/operator.h"

/* Computes the coefficients of y = gamma (x - mean) r + beta. */
void norma_standardize(const struct norma_channels *channels, const struct norma_affine *affine);

/* Computes the same with other statistics than the set's. */
void norma_standardize_by(const struct norma_channels *channels, const double *mean,
                          const double *inverse_std, const struct norma_affine *affine);

/* Compute its gradients, with h = gamma dy, M elements in the set, and sums over it:
 *
 *     dx = r (h - sum(h) / M - x^ sum(h x^) / M)
 *     dgamma = sum(dy x^), dbeta = sum(dy)
 */
void norma_standardize_gradient(const struct norma_channels *channels,
                                const struct norma_sums *sums,
                                const struct norma_gradient_affine *gradient);
void norma_standardize_parameters(const struct norma_channels *channels,
                                  const struct norma_sums *sums,
                                  const struct norma_parameter_sums *parameters);

/* Computes centre and dy_scale alone, for operators whose statistics are not the set's. */
void norma_scaled_gradient(const struct norma_channels *channels, const double *mean,
                           const double *inverse_std, const struct norma_gradient_affine *gradient);

/* Computes x_scale and constant alone, from sums over a set of 1 / share elements. */
void norma_standardized_gradient(int64_t count, const double *inverse_std, const double *dy,
                                 const double *product, double share,
                                 const struct norma_gradient_affine *gradient);

/* Computes what the planes add to dgamma and dbeta. */
void norma_standardized_parameters(int64_t count, const double *inverse_std,
                                   const struct norma_sums *sums,
                                   const struct norma_parameter_sums *parameters);

/* The terms of dx that one standardization contributes: the constant -r sum(h) / M and, times
 * x - mean, the x_scale -r^2 sum(h (x - mean)) r / M. */
struct norma_standardize_terms {
    double x_scale, constant;
};

/* Returns them. share is 1 / M, which is the same for many channels. */
static inline struct norma_standardize_terms norma_standardize_terms(double inverse_std, double dy,
                                                                     double product, double share) {
    return (struct norma_standardize_terms){
        .x_scale = -inverse_std * (inverse_std * inverse_std * product) * share,
        .constant = -inverse_std * dy * share,
    };
}

#endif
