/* Checks that threads which the system does not let start are noticed before OpenMP ends the
 * program. Stacks that fill the address space stand for a limit.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>
#include <omp.h>
#include <stdlib.h>

static void limit(void) {
    cr_assert_eq(setenv("OMP_STACKSIZE", "65536G", 1), 0);
}

Test(threads, that_can_be_started) {
    cr_assert_eq(setenv("OMP_STACKSIZE", " 512 k", 1), 0);
    cr_expect_eq(tool_threads_startable(0), 0);
    cr_expect_eq(tool_threads_startable(1), 1);
    cr_expect_eq(tool_threads_startable(3), 3);
}

Test(threads, that_cannot_be_started) {
    limit();
    cr_expect_eq(tool_threads_startable(1), 1);
    cr_expect_eq(tool_threads_startable(8), 1);
}

Test(threads, without_a_number_are_those_that_can_be_started) {
    omp_set_num_threads(3);
    tool_threads_settle();
    cr_expect_eq(omp_get_max_threads(), 3);
    limit();
    tool_threads_settle();
    cr_expect_eq(omp_get_max_threads(), 1);
}
