/* SPDX-License-Identifier: Apache-2.0 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "verify/truth/truth.h"
#include "verify/vocabulary/function_check.h"

const struct verify_range verify_range_floats = {24, -149, 127, FLT_MAX, FLT_MIN, 0x1p-149};
const struct verify_range verify_range_doubles = {53, -1074, 1023, DBL_MAX, DBL_MIN, 0x1p-1074};
const struct verify_range verify_range_factors = {53, -300, 300, FLT_MAX, FLT_MIN, 0x1p-149};

static double draw(struct verify_function_check *check) {
    return verify_uniform(check->stream, check->drawn++);
}

int verify_draw_below(struct verify_function_check *check, int count) {
    return (int)(draw(check) * count);
}

static double draw_sign(struct verify_function_check *check) {
    return verify_draw_below(check, 2) ? -1.0 : 1.0;
}

static double rounded(const struct verify_range *range, double value) {
    return range->digits == FLT_MANT_DIG ? (double)(float)value : value;
}

double verify_draw_between(struct verify_function_check *check, const struct verify_range *range,
                           int low, int high) {
    const double significand = draw_sign(check) * (1.0 + draw(check));
    return rounded(range, ldexp(significand, low + verify_draw_below(check, high - low + 1)));
}

double verify_draw_special(struct verify_function_check *check, const struct verify_range *range) {
    const double ulp = ldexp(1.0, 1 - range->digits);
    const double numbers[] = {
        0.0,
        1.0,
        1.0 + ulp,
        (double)INFINITY,
        (double)NAN,
        range->largest,
        range->smallest_normal,
        range->smallest_normal - range->smallest, /* the largest subnormal */
        range->smallest,
    };
    const int count = sizeof numbers / sizeof *numbers;
    return draw_sign(check) * numbers[verify_draw_below(check, count)];
}

void verify_draw_lanes(struct verify_function_check *check, const struct verify_range *range,
                       double lanes[NORMA_LANES]) {
    const int kind = verify_draw_below(check, 4);
    for (int i = 0; i < NORMA_LANES; i++) {
        if (kind == 0) {
            lanes[i] = verify_draw_between(check, range, -2, 2);
        } else if (kind == 1 || (kind == 2 && verify_draw_below(check, 4) == 0)) {
            lanes[i] = verify_draw_between(check, range, range->low, range->high);
        } else if (kind == 2 || i == 0) {
            lanes[i] = verify_draw_special(check, range);
        } else {
            lanes[i] = lanes[0];
        }
    }
}

void verify_draw_fused(struct verify_function_check *check, const struct verify_range *range,
                       double *a, double *b, double *c) {
    if (verify_draw_below(check, 2) == 0) {
        *a = verify_draw_between(check, range, -20, 20);
        *b = verify_draw_between(check, range, -20, 20);
        *c = -rounded(range, *a * *b);
        return;
    }
    const double ulp = ldexp(1.0, 1 - range->digits);
    *c = verify_draw_between(check, range, -20, 20);
    *a = ldexp(draw_sign(check) * (1.0 + ulp), ilogb(*c));
    *b = ldexp(1.0 + draw_sign(check) * ulp, -range->digits);
}

double verify_draw_middle(struct verify_function_check *check) {
    const struct verify_range *floats = &verify_range_floats;
    const bool at_end = verify_draw_below(check, 8) == 0;
    const float low =
        at_end ? FLT_MAX
               : fabsf((float)verify_draw_between(check, floats, floats->low - 1, floats->high));
    const double high = low < FLT_MAX ? (double)nextafterf(low, INFINITY) : 0x1p128;
    const double middle = draw_sign(check) * ((double)low + high) / 2.0;
    switch (verify_draw_below(check, 3)) {
    case 0:
        return nextafter(middle, (double)-INFINITY);
    case 1:
        return nextafter(middle, (double)INFINITY);
    default:
        return middle;
    }
}

void verify_floats_to_lanes(const float *floats, double *lanes) {
    for (int i = 0; i < NORMA_LANES; i++) {
        lanes[i] = (double)floats[i];
    }
}

void verify_lanes_to_floats(const double *lanes, float *floats) {
    for (int i = 0; i < NORMA_LANES; i++) {
        floats[i] = (float)lanes[i];
    }
}

bool verify_vocabulary_same(double a, double b) {
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0;
}
