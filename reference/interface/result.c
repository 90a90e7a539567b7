/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/interface/result.h"

struct reference_place reference_place_of(struct reference_result *result,
                                          enum reference_tensor_id id) {
    switch (id) {
    case REFERENCE_TENSOR_y:
        return (struct reference_place){&result->y, {&result->terms}};
#define REFERENCE_VALUE(name)                                                                      \
    case REFERENCE_TENSOR_##name:                                                                  \
        return (struct reference_place){&result->name, {NULL}};
        REFERENCE_VALUE(mean)
        REFERENCE_VALUE(inverse_std)
        REFERENCE_VALUE(instance_mean)
        REFERENCE_VALUE(instance_inverse_std)
        REFERENCE_VALUE(running_mean)
        REFERENCE_VALUE(running_variance)
        REFERENCE_VALUE(style_mean)
        REFERENCE_VALUE(style_std)
        REFERENCE_VALUE(style_loss)
        REFERENCE_VALUE(dresidual)
#undef REFERENCE_VALUE
#define REFERENCE_GRADIENT(name)                                                                   \
    case REFERENCE_TENSOR_##name:                                                                  \
        return (struct reference_place){&result->name.value,                                       \
                                        {&result->name.terms, &result->name.sums,                  \
                                         &result->name.scatter, &result->name.shared,              \
                                         &result->name.rounded, &result->name.lost}};
        REFERENCE_GRADIENT(dx)
        REFERENCE_GRADIENT(dgamma)
        REFERENCE_GRADIENT(dbeta)
        REFERENCE_GRADIENT(drho)
        REFERENCE_GRADIENT(dalpha)
        REFERENCE_GRADIENT(dstyle)
        REFERENCE_GRADIENT(dstyle_mean)
        REFERENCE_GRADIENT(dstyle_std)
#undef REFERENCE_GRADIENT
    default:
        return (struct reference_place){NULL, {NULL}};
    }
}
