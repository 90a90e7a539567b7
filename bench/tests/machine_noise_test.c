/* Gaps in the time of a thread, on a clock with known gaps.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/machine/conditions.h"
#include "bench/measure/clock.h"

#include <criterion/criterion.h>

/* Replaces the function of clock.c: the time between two readings is 100 ns or 9 us, and before two
 * of them, 3 ms and 1 ms, as if something else ran. */
static double now;
static int looks;

double bench_now(void) {
    looks++;
    now += looks == 100 ? 3e-3 : looks == 200 ? 1e-3 : looks % 2 ? 9e-6 : 100e-9;
    return now;
}

static double number(const json_t *record, const char *key) {
    const json_t *member = json_object_get(record, key);
    cr_assert(json_is_number(member), "no number '%s'", key);
    return json_number_value(member);
}

Test(machine_noise, gaps_are_counted_and_the_worst_is_told) {
    json_t *record = bench_noise_record(8e-3);
    cr_expect_float_eq(number(record, "worst_gap"), 3e-3, 1e-9);
    cr_expect_eq(number(record, "gaps"), 2);
    cr_expect_float_eq(number(record, "lost_share"), 4e-3 / number(record, "seconds"), 1e-6);
    cr_expect_geq(number(record, "seconds"), 8e-3);
    cr_expect(number(record, "steal_share") >= 0 && number(record, "steal_share") <= 1);
    cr_expect_geq(number(record, "involuntary_switches"), 0);
    json_decref(record);
}
