/* SPDX-License-Identifier: Apache-2.0 */
#include "derivative.h"

void norma_put_gradient(const struct norma_gradient *gradient, int64_t index,
                        struct norma_derivative derivative) {
    if (gradient->value) {
        gradient->value[index] = derivative.value;
    }
    if (gradient->terms) {
        gradient->terms[index] = (float)derivative.terms;
    }
    if (gradient->sums) {
        gradient->sums[index] = (float)derivative.sums;
    }
}

void norma_put_sum(const struct norma_gradient *gradient, int64_t index, double factor,
                   struct norma_sum sum) {
    struct norma_derivative derivative = {0};
    norma_add_sum(&derivative, factor, sum);
    norma_put_gradient(gradient, index, derivative);
}
