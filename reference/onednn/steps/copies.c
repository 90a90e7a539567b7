/* Copies in another layout.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/onednn/steps/copies.h"

#include <stdlib.h>

#include "reference/onednn/steps/onednn_arguments.h"

/* ---- which tensors ------------------------------------------------------------------------ */

enum role { UNUSED, INPUT, OUTPUT };

static void assign_roles(const struct norma_problem *problem, enum role roles[]) {
    const bool backward = onednn_is_backward(problem);
    const bool style =
        problem->op == NORMA_OPERATOR_ADAIN && problem->style_source == NORMA_STYLE_TENSOR;
    const bool alpha =
        problem->op == NORMA_OPERATOR_UNIT && problem->alpha_kind == NORMA_ALPHA_ELEMENT;
    const bool residual = problem->epilogue == NORMA_EPILOGUE_ADD_RELU;
    roles[ONEDNN_X] = INPUT;
    roles[ONEDNN_STYLE] = style ? INPUT : UNUSED;
    roles[ONEDNN_ALPHA] = alpha ? INPUT : UNUSED;
    if (backward) {
        roles[ONEDNN_Y] = problem->epilogue != NORMA_EPILOGUE_NONE ? INPUT : UNUSED;
        roles[ONEDNN_DY] = INPUT;
        roles[ONEDNN_DX] = OUTPUT;
        roles[ONEDNN_DRESIDUAL] = residual ? OUTPUT : UNUSED;
        roles[ONEDNN_DSTYLE] = style ? OUTPUT : UNUSED;
    } else {
        roles[ONEDNN_Y] = OUTPUT;
        roles[ONEDNN_RESIDUAL] = residual ? INPUT : UNUSED;
    }
}

/* The caller's tensors. Only outputs are ever written. */
static void get_pointers(const struct norma_args *args, void *pointers[]) {
    pointers[ONEDNN_X] = (void *)(uintptr_t)args->x;
    pointers[ONEDNN_Y] = args->y;
    pointers[ONEDNN_RESIDUAL] = (void *)(uintptr_t)args->residual;
    pointers[ONEDNN_STYLE] = (void *)(uintptr_t)args->style;
    pointers[ONEDNN_ALPHA] = (void *)(uintptr_t)args->alpha;
    pointers[ONEDNN_DY] = (void *)(uintptr_t)args->dy;
    pointers[ONEDNN_DX] = args->dx;
    pointers[ONEDNN_DRESIDUAL] = args->dresidual;
    pointers[ONEDNN_DSTYLE] = args->dstyle;
}

static void set_pointers(struct norma_args *args, void *const pointers[]) {
    args->x = pointers[ONEDNN_X];
    args->y = pointers[ONEDNN_Y];
    args->residual = pointers[ONEDNN_RESIDUAL];
    args->style = pointers[ONEDNN_STYLE];
    args->alpha = pointers[ONEDNN_ALPHA];
    args->dy = pointers[ONEDNN_DY];
    args->dx = pointers[ONEDNN_DX];
    args->dresidual = pointers[ONEDNN_DRESIDUAL];
    args->dstyle = pointers[ONEDNN_DSTYLE];
}

static struct onednn_geometry geometry_of(int id, const struct norma_problem *problem,
                                          const struct onednn_geometry *geometry) {
    struct onednn_geometry sample = *geometry;
    sample.n = 1;
    switch (id) {
    case ONEDNN_STYLE:
    case ONEDNN_DSTYLE:
        return onednn_style_geometry(geometry, problem);
    case ONEDNN_ALPHA:
        return sample;
    default:
        return *geometry;
    }
}

/* ---- create ------------------------------------------------------------------------------- */

static norma_status create_copy(struct onednn_copy *copy, enum role role, dnnl_format_tag_t callers,
                                const struct onednn_geometry *geometry) {
    const struct onednn_shape theirs =
        onednn_shape4(geometry->n, geometry->c, 1, geometry->s, callers);
    const struct onednn_shape own =
        onednn_shape4(geometry->n, geometry->c, 1, geometry->s, geometry->tag);
    copy->data = onednn_allocate(onednn_elements(geometry));
    if (copy->data == NULL) {
        return NORMA_STATUS_NO_MEMORY;
    }
    return role == INPUT ? onednn_create_reorder(&copy->import, &theirs, &own)
                         : onednn_create_reorder(&copy->export, &own, &theirs);
}

norma_status onednn_copies_create(struct onednn_copies *self, const struct norma_problem *problem,
                                  const struct onednn_geometry *geometry) {
    const dnnl_format_tag_t callers =
        onednn_layout_of(problem) == ONEDNN_PLAIN ? dnnl_nchw : dnnl_nhwc;
    enum role roles[ONEDNN_TENSORS] = {UNUSED};
    norma_status status = NORMA_STATUS_OK;
    assign_roles(problem, roles);
    for (int id = 0; status == NORMA_STATUS_OK && id < ONEDNN_TENSORS; id++) {
        const struct onednn_geometry its = geometry_of(id, problem, geometry);
        if (roles[id] != UNUSED) {
            status = create_copy(&self->tensors[id], roles[id], callers, &its);
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
    void *pointers[ONEDNN_TENSORS];
    norma_status status = NORMA_STATUS_OK;
    get_pointers(args, pointers);
    for (int id = 0; status == NORMA_STATUS_OK && id < ONEDNN_TENSORS; id++) {
        status = reorder(&self->tensors[id].import, pointers[id], self->tensors[id].data);
    }
    return status;
}

norma_status onednn_copies_export(const struct onednn_copies *self, const struct norma_args *args) {
    void *pointers[ONEDNN_TENSORS];
    norma_status status = NORMA_STATUS_OK;
    get_pointers(args, pointers);
    for (int id = 0; status == NORMA_STATUS_OK && id < ONEDNN_TENSORS; id++) {
        status = reorder(&self->tensors[id].export, self->tensors[id].data, pointers[id]);
    }
    return status;
}

struct norma_args onednn_copied_args(const struct onednn_copies *self,
                                     const struct norma_args *args) {
    struct norma_args copied = *args;
    void *pointers[ONEDNN_TENSORS];
    get_pointers(args, pointers);
    for (int id = 0; id < ONEDNN_TENSORS; id++) {
        if (pointers[id] != NULL && self->tensors[id].data != NULL) {
            pointers[id] = self->tensors[id].data;
        }
    }
    set_pointers(&copied, pointers);
    return copied;
}

void onednn_copies_destroy(struct onednn_copies *self) {
    for (int id = 0; id < ONEDNN_TENSORS; id++) {
        onednn_step_destroy(&self->tensors[id].import);
        onednn_step_destroy(&self->tensors[id].export);
        free(self->tensors[id].data);
    }
}
