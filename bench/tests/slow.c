/* Replaces norma_execute in norma-bench-slow: the forward pass of the operator that NORMA_SLOW
 * names takes a tenth longer. A gate must notice this.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/clock.h"
#include <norma_tools.h>

#include <stdlib.h>
#include <string.h>

norma_status __real_norma_execute(const struct norma_plan *plan, const struct norma_args *args);
norma_status __wrap_norma_execute(const struct norma_plan *plan, const struct norma_args *args);

static bool is_slow(const struct norma_problem *problem) {
    static const char *name;
    if (!name) {
        name = getenv("NORMA_SLOW");
        name = name ? name : "";
    }
    return problem->pass == NORMA_PASS_FORWARD &&
           strcmp(norma_operator_name(problem->op), name) == 0;
}

norma_status __wrap_norma_execute(const struct norma_plan *plan, const struct norma_args *args) {
    if (!is_slow(&plan->problem)) {
        return __real_norma_execute(plan, args);
    }
    const double start = bench_now();
    const norma_status status = __real_norma_execute(plan, args);
    /* Measured, this makes a tenth, as what follows the wait is a little slower, too. */
    const double end = start + 1.09 * (bench_now() - start);
    while (bench_now() < end) {
    }
    return status;
}
