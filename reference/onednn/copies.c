/* Copies in another layout.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "copies.h"

#include <stdlib.h>

#include "arguments.h"

/* ---- which tensors ------------------------------------------------------------------------ */

enum role { UNUSED, INPUT, OUTPUT };

static void assign_roles(const struct norma_problem *problem, enum role roles[]) {
    const bool backward = norma_onednn_is_backward(problem);
    const bool style = problem->op == NORMA_ADAIN && problem->style_source == NORMA_STYLE_TENSOR;
    const bool alpha = problem->op == NORMA_UNIT && problem->alpha_kind == NORMA_ALPHA_ELEMENT;
    const bool residual = problem->epilogue == NORMA_EPILOGUE_ADD_RELU;
    roles[NORMA_ONEDNN_X] = INPUT;
    roles[NORMA_ONEDNN_STYLE] = style ? INPUT : UNUSED;
    roles[NORMA_ONEDNN_ALPHA] = alpha ? INPUT : UNUSED;
    if (backward) {
        roles[NORMA_ONEDNN_Y] = problem->epilogue != NORMA_EPILOGUE_NONE ? INPUT : UNUSED;
        roles[NORMA_ONEDNN_DY] = INPUT;
        roles[NORMA_ONEDNN_DX] = OUTPUT;
        roles[NORMA_ONEDNN_DRESIDUAL] = residual ? OUTPUT : UNUSED;
        roles[NORMA_ONEDNN_DSTYLE] = style ? OUTPUT : UNUSED;
    } else {
        roles[NORMA_ONEDNN_Y] = OUTPUT;
        roles[NORMA_ONEDNN_RESIDUAL] = residual ? INPUT : UNUSED;
    }
}

/* The caller's tensors. Only outputs are ever written. */
static void get_pointers(const struct norma_args *args, void *pointers[]) {
    pointers[NORMA_ONEDNN_X] = (void *)(uintptr_t)args->x;
    pointers[NORMA_ONEDNN_Y] = args->y;
    pointers[NORMA_ONEDNN_RESIDUAL] = (void *)(uintptr_t)args->residual;
    pointers[NORMA_ONEDNN_STYLE] = (void *)(uintptr_t)args->style;
    pointers[NORMA_ONEDNN_ALPHA] = (void *)(uintptr_t)args->alpha;
    pointers[NORMA_ONEDNN_DY] = (void *)(uintptr_t)args->dy;
    pointers[NORMA_ONEDNN_DX] = args->dx;
    pointers[NORMA_ONEDNN_DRESIDUAL] = args->dresidual;
    pointers[NORMA_ONEDNN_DSTYLE] = args->dstyle;
}

static void set_pointers(struct norma_args *args, void *const pointers[]) {
    args->x = pointers[NORMA_ONEDNN_X];
    args->y = pointers[NORMA_ONEDNN_Y];
    args->residual = pointers[NORMA_ONEDNN_RESIDUAL];
    args->style = pointers[NORMA_ONEDNN_STYLE];
    args->alpha = pointers[NORMA_ONEDNN_ALPHA];
    args->dy = pointers[NORMA_ONEDNN_DY];
    args->dx = pointers[NORMA_ONEDNN_DX];
    args->dresidual = pointers[NORMA_ONEDNN_DRESIDUAL];
    args->dstyle = pointers[NORMA_ONEDNN_DSTYLE];
}

static struct norma_onednn_geometry geometry_of(int id, const struct norma_problem *problem,
                                                const struct norma_onednn_geometry *geometry) {
    struct norma_onednn_geometry sample = *geometry;
    sample.n = 1;
    switch (id) {
    case NORMA_ONEDNN_STYLE:
    case NORMA_ONEDNN_DSTYLE:
        return norma_onednn_style_geometry(geometry, problem);
    case NORMA_ONEDNN_ALPHA:
        return sample;
    default:
        return *geometry;
    }
}

/* ---- create ------------------------------------------------------------------------------- */

static norma_status create_copy(struct norma_onednn_copy *copy, enum role role,
                                dnnl_format_tag_t callers,
                                const struct norma_onednn_geometry *geometry) {
    const struct norma_onednn_shape theirs =
        norma_onednn_shape4(geometry->n, geometry->c, 1, geometry->s, callers);
    const struct norma_onednn_shape own =
        norma_onednn_shape4(geometry->n, geometry->c, 1, geometry->s, geometry->tag);
    copy->data = norma_onednn_allocate(norma_onednn_elements(geometry));
    if (copy->data == NULL) {
        return NORMA_NO_MEMORY;
    }
    return role == INPUT ? norma_onednn_create_reorder(&copy->import, &theirs, &own)
                         : norma_onednn_create_reorder(&copy->export, &own, &theirs);
}

norma_status norma_onednn_copies_create(struct norma_onednn_copies *self,
                                        const struct norma_problem *problem,
                                        const struct norma_onednn_geometry *geometry) {
    const dnnl_format_tag_t callers =
        norma_onednn_layout_of(problem) == NORMA_ONEDNN_PLAIN ? dnnl_nchw : dnnl_nhwc;
    enum role roles[NORMA_ONEDNN_TENSORS] = {UNUSED};
    norma_status status = NORMA_OK;
    assign_roles(problem, roles);
    for (int id = 0; status == NORMA_OK && id < NORMA_ONEDNN_TENSORS; id++) {
        const struct norma_onednn_geometry its = geometry_of(id, problem, geometry);
        if (roles[id] != UNUSED) {
            status = create_copy(&self->tensors[id], roles[id], callers, &its);
        }
    }
    return status;
}

/* ---- use ---------------------------------------------------------------------------------- */

static norma_status reorder(const struct norma_onednn_step *step, const void *from,
                            const void *to) {
    if (step->primitive == NULL || from == NULL || to == NULL) {
        return NORMA_OK;
    }
    norma_onednn_bind(step, DNNL_ARG_FROM, from);
    norma_onednn_bind(step, DNNL_ARG_TO, to);
    return norma_onednn_run(step);
}

norma_status norma_onednn_copies_import(const struct norma_onednn_copies *self,
                                        const struct norma_args *args) {
    void *pointers[NORMA_ONEDNN_TENSORS];
    norma_status status = NORMA_OK;
    get_pointers(args, pointers);
    for (int id = 0; status == NORMA_OK && id < NORMA_ONEDNN_TENSORS; id++) {
        status = reorder(&self->tensors[id].import, pointers[id], self->tensors[id].data);
    }
    return status;
}

norma_status norma_onednn_copies_export(const struct norma_onednn_copies *self,
                                        const struct norma_args *args) {
    void *pointers[NORMA_ONEDNN_TENSORS];
    norma_status status = NORMA_OK;
    get_pointers(args, pointers);
    for (int id = 0; status == NORMA_OK && id < NORMA_ONEDNN_TENSORS; id++) {
        status = reorder(&self->tensors[id].export, self->tensors[id].data, pointers[id]);
    }
    return status;
}

struct norma_args norma_onednn_copied_args(const struct norma_onednn_copies *self,
                                           const struct norma_args *args) {
    struct norma_args copied = *args;
    void *pointers[NORMA_ONEDNN_TENSORS];
    get_pointers(args, pointers);
    for (int id = 0; id < NORMA_ONEDNN_TENSORS; id++) {
        if (pointers[id] != NULL && self->tensors[id].data != NULL) {
            pointers[id] = self->tensors[id].data;
        }
    }
    set_pointers(&copied, pointers);
    return copied;
}

void norma_onednn_copies_destroy(struct norma_onednn_copies *self) {
    for (int id = 0; id < NORMA_ONEDNN_TENSORS; id++) {
        norma_onednn_step_destroy(&self->tensors[id].import);
        norma_onednn_step_destroy(&self->tensors[id].export);
        free(self->tensors[id].data);
    }
}
