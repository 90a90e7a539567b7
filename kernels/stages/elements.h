/* Unitization with an alpha per element, whose coefficients vary within a span.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_ELEMENTS_H
#define KERNELS_STAGES_ELEMENTS_H

#include "kernels/stages/context.h"

/* Computes y of a slice. */
void norma_elements_apply(const struct norma_stage_context *context,
                          const struct norma_slice *slice);

/* Writes one product for each of chunks [first, first + count) of a sample: the sum of alpha dy x,
 * divided by the square of what the forward pass divides by, in a form that divides. */
void norma_element_products(const struct norma_execution *execution, int64_t sample, int64_t first,
                            int64_t count, double *products);

/* Returns the sum of a sample's products, in the order of its chunks. */
double norma_element_product(const struct norma_execution *execution, int64_t sample);

/* Computes dx of a slice, once set_product has the products' sums. */
void norma_elements_gradient(const struct norma_stage_context *context,
                             const struct norma_slice *slice);

/* Writes for each sample what norma_element_alpha needs of it. */
void norma_element_factors(const struct norma_execution *execution, double *weight, double *factor);

/* Writes dalpha of elements [first, first + count). It must be called before dx, which may
 * overwrite dy. */
void norma_element_alpha(const struct norma_execution *execution, int64_t first, int64_t count);

#endif
