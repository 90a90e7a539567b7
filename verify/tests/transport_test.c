/* The Earth Mover distance is that of brute force over permutations, and as known in special cases.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "verify/properties/transport.h"
#include "verify/truth/random_data.h"

/* ---- brute force -------------------------------------------------------------------------- */

static double cheapest(const double *cost, int count, int row, unsigned taken) {
    if (row == count) {
        return 0.0;
    }
    double least = INFINITY;
    for (int column = 0; column < count; column++) {
        if (!(taken >> column & 1u)) {
            const double rest = cheapest(cost, count, row + 1, taken | 1u << column);
            least = fmin(least, cost[row * count + column] + rest);
        }
    }
    return least;
}

static void fill(double *cost, int count, uint64_t stream, double levels) {
    for (int i = 0; i < count * count; i++) {
        const double value = verify_uniform(stream, (uint64_t)i);
        cost[i] = levels > 0.0 ? floor(value * levels) : value - 0.25;
    }
}

Test(transport, assignment_is_the_cheapest_of_all) {
    for (int count = 1; count <= 7; count++) {
        for (uint64_t k = 0; k < 60; k++) {
            double cost[49];
            /* Continuous and partly negative, or of few levels, so that many are equal. */
            fill(cost, count, verify_stream(k, (uint64_t)count), k % 3 == 0 ? 3.0 : 0.0);
            const double expected = cheapest(cost, count, 0, 0) / count;
            cr_assert_float_eq(verify_assignment(cost, count), expected, 1e-12,
                               "count %d, case %llu", count, (unsigned long long)k);
        }
    }
}

Test(transport, assignment_takes_the_expensive_row_where_that_is_cheaper) {
    /* The nearest column of each row in turn costs 1 + 100, the best 2 + 3. */
    const double cost[] = {1.0, 2.0, 3.0, 100.0};
    cr_assert_float_eq(verify_assignment(cost, 2), 2.5, 1e-15);
}

Test(transport, what_is_not_finite_gives_nan) {
    const double cost[] = {1.0, NAN, 3.0, 100.0};
    cr_assert(isnan(verify_assignment(cost, 2)));
    const float a[] = {1.0f, INFINITY}, b[] = {0.0f, 1.0f};
    cr_assert(isnan(verify_earth_mover(a, b, 2, 1)));
}

/* ---- the distance ------------------------------------------------------------------------- */

Test(transport, distance_of_a_shift_is_its_length) {
    float a[2 * 16], b[2 * 16];
    for (int i = 0; i < 16; i++) {
        const int from = (i * 5 + 3) % 16; /* in another order */
        for (int k = 0; k < 2; k++) {
            a[2 * i + k] =
                (float)(floor(1000.0 * verify_uniform(9, (uint64_t)(2 * i + k))) / 1024.0);
            b[2 * i + k] =
                (float)(floor(1000.0 * verify_uniform(9, (uint64_t)(2 * from + k))) / 1024.0);
        }
    }
    cr_assert_float_eq(verify_earth_mover(a, b, 16, 2), 0.0, 1e-12);
    for (int i = 0; i < 16; i++) {
        b[2 * i] += 3.0f;
        b[2 * i + 1] -= 4.0f;
    }
    cr_assert_float_eq(verify_earth_mover(a, b, 16, 2), 5.0, 1e-12);
}

static int ascending(const void *a, const void *b) {
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* On a line the distance is that of the sorted points. */
Test(transport, distance_on_a_line_is_that_of_sorted_points) {
    enum { COUNT = VERIFY_TRANSPORT_MAX };
    float a[COUNT], b[COUNT];
    for (int i = 0; i < COUNT; i++) {
        a[i] = (float)verify_normal(1, (uint64_t)i);
        b[i] = (float)(2.0 * verify_normal(2, (uint64_t)i) + 0.5);
    }
    const double distance = verify_earth_mover(a, b, COUNT, 1);
    qsort(a, COUNT, sizeof *a, ascending);
    qsort(b, COUNT, sizeof *b, ascending);
    double expected = 0.0;
    for (int i = 0; i < COUNT; i++) {
        expected += fabs((double)a[i] - (double)b[i]) / COUNT;
    }
    cr_assert_float_eq(distance, expected, 1e-12);
}
