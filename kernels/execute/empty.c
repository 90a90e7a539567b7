/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/execute/empty.h"

#include <string.h>

#include "kernels/execute/argument_table.h"

void norma_empty_gradients(const struct norma_plan *plan, const struct norma_args *args) {
    struct norma_arguments arguments;
    norma_arguments_of(plan, args, &arguments);
    for (int i = 0; i < arguments.count; i++) {
        const struct norma_argument *argument = &arguments.list[i];
        if (norma_is_output(argument) && argument->pointer && argument->bytes > 0) {
            memset((void *)(uintptr_t)argument->pointer, 0, (size_t)argument->bytes);
        }
    }
}

/* Goes over the channels in blocks whose statistics are on the stack, as an empty plan has no
 * workspace. */
void norma_empty_batch_statistics(const struct norma_plan *plan, const struct norma_args *args,
                                  const struct norma_partial_moments *moments) {
    enum { BLOCK = 256 };
    const struct norma_execution execution = {.plan = plan, .args = args};
    double mean[BLOCK], m2[BLOCK];
    for (int64_t first = 0; first < plan->problem.c; first += BLOCK) {
        const int64_t count = norma_min(plan->problem.c - first, BLOCK);
        const struct norma_stage_context context = {
            .execution = &execution,
            .tile = {.channel = first, .channels = count},
            .statistics = {.batch_mean = mean, .batch_inverse_std = m2},
        };
        for (int64_t i = 0; i < count; i++) {
            mean[i] = moments[first + i].mean;
            m2[i] = moments[first + i].m2;
        }
        norma_tile_finish_batch(&context, moments->count);
    }
}
