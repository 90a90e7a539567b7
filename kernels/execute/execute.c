/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/execute/execute.h"

#include "kernels/execute/empty.h"
#include "kernels/execute/passes.h"
#include "kernels/execute/workspace.h"

norma_status norma_begin(const struct norma_plan *plan, const struct norma_args *args,
                         struct norma_execution *execution, const struct norma_reason *reason) {
    *execution = (struct norma_execution){
        .plan = plan,
        .args = args,
        .batch_count = (double)plan->samples * (double)plan->spatial,
        .loss = plan->loss && args->style_loss,
    };
    norma_workspace_lay_out(plan, args->workspace, &execution->workspace);
    return norma_check_values(plan, args, &execution->workspace, reason);
}

/* Executes a plan whose tensors are not empty, with arguments that are there. */
static norma_status execute(const struct norma_plan *plan, const struct norma_args *args) {
    struct norma_execution execution;
    const struct norma_environment caller = norma_environment_enter();
    const norma_status status = norma_begin(plan, args, &execution, NULL);
    if (status == NORMA_STATUS_OK) {
        (plan->backward ? norma_execute_backward : norma_execute_forward)(&execution);
    }
    norma_environment_leave(caller);
    return status;
}

norma_status norma_execute(const struct norma_plan *plan, const struct norma_args *args) {
    if (!plan || !args) {
        return NORMA_STATUS_NULL;
    }
    const norma_status status = norma_check_arguments(plan, args, NULL);
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    if (!norma_is_empty(plan)) {
        return execute(plan, args);
    }
    if (plan->backward) {
        norma_empty_gradients(plan, args);
    }
    return NORMA_STATUS_OK;
}

/* ---- checks -------------------------------------------------------------------------------- */

static norma_status check(const struct norma_plan *plan, const struct norma_args *args,
                          const struct norma_reason *reason) {
    struct norma_execution execution;
    if (!plan || !args) {
        return norma_refuse(reason, NORMA_STATUS_NULL, "%s must not be NULL",
                            plan ? "args" : "plan");
    }
    const norma_status status = norma_check_arguments(plan, args, reason);
    return status != NORMA_STATUS_OK || norma_is_empty(plan)
               ? status
               : norma_begin(plan, args, &execution, reason);
}

norma_status norma_args_check(const struct norma_plan *plan, const struct norma_args *args,
                              char *message, size_t size) {
    const struct norma_reason reason = {message, message ? size : 0};
    const struct norma_environment caller = norma_environment_enter();
    norma_refuse(&reason, NORMA_STATUS_OK, "%s", ""); /* where nothing is wrong */
    const norma_status status = check(plan, args, &reason);
    norma_environment_leave(caller);
    return status;
}
