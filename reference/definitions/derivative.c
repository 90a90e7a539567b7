/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/definitions/derivative.h"

void reference_put_gradient(const struct reference_gradient *gradient, int64_t index,
                            struct reference_derivative derivative) {
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

void reference_put_sum(const struct reference_gradient *gradient, int64_t index, double factor,
                       struct reference_sum sum) {
    struct reference_derivative derivative = {0};
    reference_add_sum(&derivative, factor, sum);
    reference_put_gradient(gradient, index, derivative);
}
