/* Group normalization by oneDNN's primitive alone, as its users call it, also where a composition
 * is faster; layer normalization is that of one group, instance normalization that of single
 * channels.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/onednn/compositions/compositions.h"
#include "reference/onednn/steps/steps.h"

struct gn_primitive {
    struct norma_problem problem;
    int64_t groups;
    struct onednn_groups primitive;
};

static int64_t groups_of(const struct norma_problem *problem) {
    switch (problem->op) {
    case NORMA_OPERATOR_IN:
        return problem->c;
    case NORMA_OPERATOR_LN:
        return 1;
    default:
        return problem->groups;
    }
}

static norma_status create(void *operation, const struct norma_problem *problem,
                           const struct onednn_geometry *geometry, int threads) {
    struct gn_primitive *self = operation;
    (void)threads;
    self->problem = *problem;
    self->groups = groups_of(problem);
    return onednn_groups_create(&self->primitive, geometry, self->groups, problem->epsilon,
                                problem->epilogue == NORMA_EPILOGUE_RELU);
}

static norma_status execute(void *operation, const struct norma_args *args) {
    const struct gn_primitive *self = operation;
    const struct onednn_groups *of = &self->primitive;
    const norma_status status = onednn_groups_run(of, args);
    if (status != NORMA_STATUS_OK || self->problem.pass != NORMA_PASS_FORWARD) {
        return status;
    }
    for (int64_t i = 0; i < self->problem.n * self->groups; i++) {
        onednn_store(args->mean, i, (double)of->mean[i]);
        onednn_store(args->inverse_std, i,
                     onednn_inverse_std((double)of->variance[i], self->problem.epsilon));
    }
    return NORMA_STATUS_OK;
}

static void name(const void *operation, char *names, size_t size) {
    const struct gn_primitive *self = operation;
    onednn_name(names, size, &self->primitive.step);
}

static void destroy(void *operation) {
    struct gn_primitive *self = operation;
    onednn_groups_destroy(&self->primitive);
}

const struct onednn_operator onednn_gn_primitive = {
    .size = sizeof(struct gn_primitive),
    .create = create,
    .execute = execute,
    .name = name,
    .destroy = destroy,
};
