/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/definitions/derivative.h"

static void put(double *array, int64_t index, double value) {
    if (array) {
        array[index] = value;
    }
}

void reference_put_gradient(const struct reference_gradient *gradient, int64_t index,
                            struct reference_derivative derivative) {
    put(gradient->value, index, derivative.value);
    put(gradient->terms, index, derivative.terms);
    put(gradient->sums, index, derivative.sums);
    put(gradient->scatter, index, derivative.scatter);
    put(gradient->shared, index, derivative.shared);
    put(gradient->rounded, index, derivative.rounded);
    put(gradient->lost, index, derivative.lost);
}

void reference_put_sum(const struct reference_gradient *gradient, int64_t index, double factor,
                       struct reference_sum sum) {
    struct reference_derivative derivative = {0};
    reference_add_sum(&derivative, factor, sum);
    reference_put_gradient(gradient, index, derivative);
}
