/* The gradients of adain's style, which the executor writes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_OPERATORS_ADAIN_H
#define KERNELS_OPERATORS_ADAIN_H

#include <norma.h>

/* The gradients of a style's mean and standard deviation: alpha w sum(dy) and alpha w sum(dy
 * x^). */
struct norma_style_gradient {
    double mean, deviation;
};

/* Returns them for a style with this weight among several. dy and product are the sums over the
 * content's plane or region. */
struct norma_style_gradient norma_gradient_of_style(const struct norma_problem *problem,
                                                    double weight, double inverse_std, double dy,
                                                    double product);

/* The gradient of the style itself: dstyle = (s - mu(s)) scale + shift. */
struct norma_affine_of_style {
    double scale, shift;
};

/* Returns it for a style with `count` positions. */
struct norma_affine_of_style norma_style_affine(const struct norma_problem *problem,
                                                struct norma_style_gradient gradient,
                                                double deviation, double count);

#endif
