/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/onednn/steps/groups.h"

#include <stdlib.h>
#include <string.h>

static norma_status create(struct onednn_groups *self, const struct onednn_geometry *geometry,
                           int64_t groups, double epsilon, bool relu) {
    const struct onednn_shape data =
        onednn_shape4(geometry->n, geometry->c, 1, geometry->s, geometry->tag);
    self->mean = onednn_allocate(geometry->n * groups);
    self->variance = onednn_allocate(geometry->n * groups);
    self->scale = onednn_allocate(geometry->c);
    self->shift = onednn_allocate(geometry->c);
    if (!self->mean || !self->variance || !self->scale || !self->shift) {
        return NORMA_STATUS_NO_MEMORY;
    }
    for (int64_t c = 0; c < geometry->c; c++) {
        self->scale[c] = 1.0F;
    }
    return onednn_create_group_normalization(&self->step, &data, groups, epsilon, relu);
}

norma_status onednn_groups_create(struct onednn_groups *self,
                                  const struct onednn_geometry *geometry, int64_t groups,
                                  double epsilon, bool relu) {
    const norma_status status = create(self, geometry, groups, epsilon, relu);
    if (status != NORMA_STATUS_OK) {
        onednn_groups_destroy(self);
    }
    return status;
}

bool onednn_groups_is_compiled(const struct onednn_groups *self) {
    return strstr(self->step.kernel, "jit") != NULL;
}

norma_status onednn_groups_run(const struct onednn_groups *self, const struct norma_args *args) {
    const struct onednn_step *step = &self->step;
    onednn_bind(step, DNNL_ARG_SRC, args->x);
    onednn_bind(step, DNNL_ARG_DST, args->y);
    onednn_bind(step, DNNL_ARG_MEAN, self->mean);
    onednn_bind(step, DNNL_ARG_VARIANCE, self->variance);
    onednn_bind(step, DNNL_ARG_SCALE, args->gamma != NULL ? args->gamma : self->scale);
    onednn_bind(step, DNNL_ARG_SHIFT, args->beta != NULL ? args->beta : self->shift);
    return onednn_run(step);
}

void onednn_groups_destroy(struct onednn_groups *self) {
    onednn_step_destroy(&self->step);
    free(self->mean);
    free(self->variance);
    free(self->scale);
    free(self->shift);
    memset(self, 0, sizeof *self);
}
