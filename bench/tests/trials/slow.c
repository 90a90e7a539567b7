/* Replaces norma_execute in norma-bench-slow: the forward pass of the operator that NORMA_SLOW
 * names takes a tenth longer. A gate must notice this.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/clock.h"
#include "verify/harness/tool/tool.h"
#include <norma_tools.h>

#include <stdlib.h>
#include <string.h>

norma_status __real_norma_plan_create(struct norma_plan **plan, const struct norma_problem *problem,
                                      const struct norma_options *options);
norma_status __wrap_norma_plan_create(struct norma_plan **plan, const struct norma_problem *problem,
                                      const struct norma_options *options);
norma_status __real_norma_execute(const struct norma_plan *plan, const struct norma_args *args);
norma_status __wrap_norma_execute(const struct norma_plan *plan, const struct norma_args *args);

/* The plans of slow problems, as a plan does not tell its problem. Plans are created by one thread,
 * and executed after that. */
static struct {
    const struct norma_plan **plans;
    size_t count;
} slow;

static bool is_slow_problem(const struct norma_problem *problem) {
    const char *name = getenv("NORMA_SLOW");
    return name && problem->pass == NORMA_PASS_FORWARD &&
           strcmp(norma_operator_name(problem->op), name) == 0;
}

static bool is_slow(const struct norma_plan *plan) {
    size_t i = 0;
    while (i < slow.count && slow.plans[i] != plan) {
        i++;
    }
    return i < slow.count;
}

static void add(const struct norma_plan *plan) {
    slow.plans = tool_grow(slow.plans, slow.count, sizeof *slow.plans);
    slow.plans[slow.count++] = plan;
}

/* Forgets a plan that was destroyed, whose memory a new one has. */
static void forget(const struct norma_plan *plan) {
    for (size_t i = 0; i < slow.count; i++) {
        slow.plans[i] = slow.plans[i] == plan ? NULL : slow.plans[i];
    }
}

norma_status __wrap_norma_plan_create(struct norma_plan **plan, const struct norma_problem *problem,
                                      const struct norma_options *options) {
    const norma_status status = __real_norma_plan_create(plan, problem, options);
    if (status == NORMA_STATUS_OK) {
        forget(*plan);
    }
    if (status == NORMA_STATUS_OK && is_slow_problem(problem)) {
        add(*plan);
    }
    return status;
}

norma_status __wrap_norma_execute(const struct norma_plan *plan, const struct norma_args *args) {
    if (!is_slow(plan)) {
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
