/* The workspace of an execution: what is in it, and where.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_EXECUTE_WORKSPACE_H
#define KERNELS_EXECUTE_WORKSPACE_H

#include "kernels/plan/plan.h"

/* Doubles, unless said otherwise; NULL: not needed by this plan. */
struct norma_workspace {
    double *tiles; /* scratch of tiles: one for each thread, one in all when phased or crossed */
    size_t tile;   /* doubles from one to the next */

    /* Phased: of every chunk of every run, [runs][chunks]. */
    double *chunk_mean, *chunk_m2;
    double *style_mean, *style_m2;
    double *chunk_dy, *chunk_product; /* of every plane */
    double *chunk_element;            /* of every sample */

    double *first, *second, *third; /* see struct norma_execution */
    double *region_count;
    double *element_weight, *element_factor; /* [N] */
    int32_t *styled;                         /* [N] */
};

/* base: where the workspace begins; NULL: only counts. Returns its size in doubles. */
size_t norma_workspace_lay_out(const struct norma_plan *plan, double *base,
                               struct norma_workspace *workspace);

#endif
