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

#include "verify/harness/implementations.h"
#include "verify/tests/run_session.h"

/* OpenMP must not see the limit: LLVM's reads its environment when it is first called. */
static void limit(void) {
    omp_get_max_threads();
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

/* Checks a small problem, as one that the user named, in a session that knows so much of teams. */
static struct verify_session check_session(int startable) {
    static struct verify_session session;
    const struct reference_implementation *const list[] = {verify_implementation_find("portable")};
    struct norma_problem problem;
    cr_assert_eq(norma_problem_parse("in:1x1x3", &problem, NULL), NORMA_STATUS_OK);
    session = (struct verify_session){.single = true, .startable = startable};
    run_session(&session, list, 1, &problem);
    cr_expect(!session.progress[0].failed, "%s", session.progress[0].message);
    return session;
}

/* A limit that is there only afterwards is not noticed, which shows that nothing asks again. */
Test(threads, of_a_session_are_tried_once) {
    if (tool_threads_startable(64) < 64) {
        cr_skip("64 threads cannot be started here");
    }
    const struct verify_session first = check_session(0);
    cr_expect_eq(first.unstartable, 0);
    cr_expect_eq(first.startable, 64);
    limit();
    cr_expect_eq(check_session(first.startable).unstartable, 0);
}

Test(threads, of_another_session_are_tried_anew) {
    limit();
    cr_expect_eq(check_session(0).unstartable, 2);
}
