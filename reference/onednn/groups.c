/* Group normalization by oneDNN's own primitive.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "groups.h"

#include <stdlib.h>
#include <string.h>

static norma_status create(struct norma_onednn_groups *self,
                           const struct norma_onednn_geometry *geometry, int64_t groups,
                           double epsilon, bool relu) {
    const struct norma_onednn_shape data =
        norma_onednn_shape4(geometry->n, geometry->c, 1, geometry->s, geometry->tag);
    self->mean = norma_onednn_allocate(geometry->n * groups);
    self->variance = norma_onednn_allocate(geometry->n * groups);
    self->scale = norma_onednn_allocate(geometry->c);
    self->shift = norma_onednn_allocate(geometry->c);
    if (!self->mean || !self->variance || !self->scale || !self->shift) {
        return NORMA_NO_MEMORY;
    }
    for (int64_t c = 0; c < geometry->c; c++) {
        self->scale[c] = 1.0F;
    }
    return norma_onednn_create_group_normalization(&self->step, &data, groups, epsilon, relu);
}

norma_status norma_onednn_groups_create(struct norma_onednn_groups *self,
                                        const struct norma_onednn_geometry *geometry,
                                        int64_t groups, double epsilon, bool relu) {
    norma_status status = create(self, geometry, groups, epsilon, relu);
    if (status == NORMA_OK && strstr(self->step.kernel, "jit") == NULL) {
        status = NORMA_UNSUPPORTED;
    }
    if (status != NORMA_OK) {
        norma_onednn_groups_destroy(self);
    }
    return status;
}

norma_status norma_onednn_groups_run(const struct norma_onednn_groups *self,
                                     const struct norma_args *args) {
    const struct norma_onednn_step *step = &self->step;
    norma_onednn_bind(step, DNNL_ARG_SRC, args->x);
    norma_onednn_bind(step, DNNL_ARG_DST, args->y);
    norma_onednn_bind(step, DNNL_ARG_MEAN, self->mean);
    norma_onednn_bind(step, DNNL_ARG_VARIANCE, self->variance);
    norma_onednn_bind(step, DNNL_ARG_SCALE, args->gamma != NULL ? args->gamma : self->scale);
    norma_onednn_bind(step, DNNL_ARG_SHIFT, args->beta != NULL ? args->beta : self->shift);
    return norma_onednn_run(step);
}

void norma_onednn_groups_destroy(struct norma_onednn_groups *self) {
    norma_onednn_step_destroy(&self->step);
    free(self->mean);
    free(self->variance);
    free(self->scale);
    free(self->shift);
    memset(self, 0, sizeof *self);
}
