/* Sizes for people.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/machine/units.h"

#include <stdio.h>

void bench_print_bytes(uint64_t bytes, char text[BENCH_BYTES_TEXT]) {
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    enum { LAST = sizeof units / sizeof units[0] - 1 };
    double value = (double)bytes;
    int unit = 0;
    while (value >= 1024 && unit < LAST) {
        value /= 1024;
        unit++;
    }
    const double tenths = (double)(int64_t)(10 * value + 0.5);
    const int digits = value < 100 && (int64_t)tenths % 10 != 0;
    snprintf(text, BENCH_BYTES_TEXT, "%.*f %s", digits, value, units[unit]);
}
