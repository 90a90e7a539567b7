/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/definitions/moments.h"

#include <math.h>

/* Returns the index of the first element of plane number i of the set. */
static int64_t start_of(struct reference_planes planes, int64_t i) {
    return (planes.first + i * planes.stride) * planes.length;
}

struct reference_moments reference_moments_of(struct reference_planes planes) {
    const int64_t count = planes.count * planes.length;
    double sum = 0.0;
    for (int64_t i = 0; i < planes.count; i++) {
        const int64_t start = start_of(planes, i);
        for (int64_t s = 0; s < planes.length; s++) {
            sum += reference_load(planes.dtype, planes.data, start + s);
        }
    }
    const double mean = sum / (double)count;
    double squares = 0.0;
    for (int64_t i = 0; i < planes.count; i++) {
        const int64_t start = start_of(planes, i);
        for (int64_t s = 0; s < planes.length; s++) {
            const double deviation = reference_load(planes.dtype, planes.data, start + s) - mean;
            squares += deviation * deviation;
        }
    }
    return (struct reference_moments){mean, squares / (double)count, count};
}

double reference_sum_of_squares(struct reference_planes planes) {
    double squares = 0.0;
    for (int64_t i = 0; i < planes.count; i++) {
        const int64_t start = start_of(planes, i);
        for (int64_t s = 0; s < planes.length; s++) {
            const double x = reference_load(planes.dtype, planes.data, start + s);
            squares += x * x;
        }
    }
    return isinf(squares) ? NAN : squares;
}
