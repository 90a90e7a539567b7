/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/onednn/steps/copies.h"

#include <stdlib.h>

/* ---- create ------------------------------------------------------------------------------- */

static struct onednn_geometry geometry_of(int id, const struct norma_problem *problem,
                                          const struct onednn_geometry *geometry) {
    struct onednn_geometry sample = *geometry;
    sample.n = 1;
    switch (id) {
    case REFERENCE_TENSOR_style:
    case REFERENCE_TENSOR_dstyle:
        return onednn_style_geometry(geometry, problem);
    case REFERENCE_TENSOR_alpha:
        return sample;
    default:
        return *geometry;
    }
}

static norma_status create_copy(struct onednn_copy *copy, bool input, dnnl_format_tag_t callers,
                                const struct onednn_geometry *geometry) {
    const struct onednn_shape theirs =
        onednn_shape4(geometry->n, geometry->c, 1, geometry->s, callers);
    const struct onednn_shape own =
        onednn_shape4(geometry->n, geometry->c, 1, geometry->s, geometry->tag);
    copy->data = onednn_allocate(onednn_elements(geometry));
    if (copy->data == NULL) {
        return NORMA_STATUS_NO_MEMORY;
    }
    return input ? onednn_create_reorder(&copy->import, &theirs, &own)
                 : onednn_create_reorder(&copy->export, &own, &theirs);
}

norma_status onednn_copies_create(struct onednn_copies *self, const struct norma_problem *problem,
                                  const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                                  const struct onednn_geometry *geometry) {
    const dnnl_format_tag_t callers =
        onednn_layout_of(problem) == ONEDNN_PLAIN ? dnnl_nchw : dnnl_nhwc;
    norma_status status = NORMA_STATUS_OK;
    for (int id = 0; status == NORMA_STATUS_OK && id < REFERENCE_TENSOR_COUNT; id++) {
        const bool large = reference_tensor_positions(problem, (enum reference_tensor_id)id) > 0;
        if (large && tensors[id].role != REFERENCE_ROLE_UNUSED) {
            const struct onednn_geometry its = geometry_of(id, problem, geometry);
            status =
                create_copy(&self->tensors[id], reference_is_input(&tensors[id]), callers, &its);
        }
    }
    return status;
}

/* ---- use ---------------------------------------------------------------------------------- */

static norma_status reorder(const struct onednn_step *step, const void *from, const void *to) {
    if (step->primitive == NULL || from == NULL || to == NULL) {
        return NORMA_STATUS_OK;
    }
    onednn_bind(step, DNNL_ARG_FROM, from);
    onednn_bind(step, DNNL_ARG_TO, to);
    return onednn_run(step);
}

norma_status onednn_copies_import(const struct onednn_copies *self, const struct norma_args *args) {
    void *pointers[REFERENCE_TENSOR_COUNT];
    norma_status status = NORMA_STATUS_OK;
    reference_tensors_unbind(args, pointers);
    for (int id = 0; status == NORMA_STATUS_OK && id < REFERENCE_TENSOR_COUNT; id++) {
        status = reorder(&self->tensors[id].import, pointers[id], self->tensors[id].data);
    }
    return status;
}

norma_status onednn_copies_export(const struct onednn_copies *self, const struct norma_args *args) {
    void *pointers[REFERENCE_TENSOR_COUNT];
    norma_status status = NORMA_STATUS_OK;
    reference_tensors_unbind(args, pointers);
    for (int id = 0; status == NORMA_STATUS_OK && id < REFERENCE_TENSOR_COUNT; id++) {
        status = reorder(&self->tensors[id].export, self->tensors[id].data, pointers[id]);
    }
    return status;
}

struct norma_args onednn_copied_args(const struct onednn_copies *self,
                                     const struct norma_args *args) {
    void *pointers[REFERENCE_TENSOR_COUNT];
    reference_tensors_unbind(args, pointers);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (pointers[id] != NULL && self->tensors[id].data != NULL) {
            pointers[id] = self->tensors[id].data;
        }
    }
    return reference_tensors_bind(pointers);
}

void onednn_copies_destroy(struct onednn_copies *self) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        onednn_step_destroy(&self->tensors[id].import);
        onednn_step_destroy(&self->tensors[id].export);
        free(self->tensors[id].data);
    }
}
