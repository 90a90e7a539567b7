/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/execute/execute.h"

#include "kernels/execute/check_execution.h"
#include "kernels/execute/passes.h"
#include "kernels/execute/workspace.h"

norma_status norma_begin(const struct norma_plan *plan, const struct norma_args *args,
                         struct norma_execution *execution) {
    *execution = (struct norma_execution){
        .plan = plan,
        .args = args,
        .batch_count = (double)plan->samples * (double)plan->spatial,
        .loss = plan->loss && args->style_loss,
    };
    norma_workspace_lay_out(plan, args->workspace, &execution->workspace);
    return norma_check_values(plan, args, &execution->workspace);
}

norma_status norma_execute(const struct norma_plan *plan, const struct norma_args *args) {
    if (!plan || !args) {
        return NORMA_STATUS_NULL;
    }
    norma_status status = norma_check_arguments(plan, args);
    if (status != NORMA_STATUS_OK || norma_is_empty(plan)) {
        return status;
    }
    struct norma_execution execution;
    const struct norma_environment caller = norma_environment_enter();
    status = norma_begin(plan, args, &execution);
    if (status == NORMA_STATUS_OK) {
        (plan->backward ? norma_execute_backward : norma_execute_forward)(&execution);
    }
    norma_environment_leave(caller);
    return status;
}
