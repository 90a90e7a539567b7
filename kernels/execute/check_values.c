/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/execute/check_execution.h"

#include <inttypes.h>
#include <math.h>

/* Refuses an entry that is a whole number outside of 0 to `largest`. */
static norma_status refuse_entry(const struct norma_reason *reason, norma_status status,
                                 const char *name, int64_t index, int64_t value, int64_t largest) {
    return norma_refuse(reason, status,
                        "args.%s[%" PRId64 "] is %" PRId64 ", expected 0 to %" PRId64, name, index,
                        value, largest);
}

/* Checks that every entry is in [0, 1], where a NaN is not. */
static norma_status check_gate(const struct norma_plan *plan, const float *rho,
                               const struct norma_reason *reason) {
    for (int64_t c = 0; c < plan->problem.c; c++) {
        if (!(rho[c] >= 0.0f && rho[c] <= 1.0f)) {
            return norma_refuse(reason, NORMA_STATUS_BAD_GATE,
                                "args.rho[%" PRId64 "] is %.9g, expected 0 to 1", c,
                                (double)rho[c]);
        }
    }
    return NORMA_STATUS_OK;
}

static norma_status check_style_index(const struct norma_plan *plan, const int32_t *style_index,
                                      const struct norma_reason *reason) {
    for (int64_t n = 0; n < plan->problem.n; n++) {
        if (style_index[n] < 0 || style_index[n] >= plan->problem.styles) {
            return refuse_entry(reason, NORMA_STATUS_BAD_STYLE_INDEX, "style_index", n,
                                style_index[n], plan->problem.styles - 1);
        }
    }
    return NORMA_STATUS_OK;
}

/* Checks that the weights of each sample sum to one. Weights that are not floats, such as a third,
 * are rounded, and K of them miss one by up to K 2^-24. Twice that is allowed. */
static norma_status check_weights(const struct norma_plan *plan, const float *weights,
                                  const struct norma_reason *reason) {
    const double tolerance = (double)plan->styles * 0x1p-23;
    for (int64_t n = 0; n < plan->problem.n; n++) {
        double sum = 0.0;
        for (int64_t k = 0; k < plan->styles; k++) {
            sum += (double)weights[n * plan->styles + k];
        }
        if (!(fabs(sum - 1.0) <= tolerance)) {
            return norma_refuse(reason, NORMA_STATUS_BAD_WEIGHTS,
                                "args.style_weights[%" PRId64 "] to [%" PRId64
                                "], the weights of sample %" PRId64
                                ", sum to %.9g, expected 1 within %.3g",
                                n * plan->styles, (n + 1) * plan->styles - 1, n, sum, tolerance);
        }
    }
    return NORMA_STATUS_OK;
}

/* Refuses the first label of a sample that is not a region's. */
static norma_status refuse_label(const struct norma_plan *plan, const uint8_t *labels, int64_t n,
                                 const struct norma_reason *reason) {
    int64_t at = n * plan->spatial;
    while (labels[at] < plan->regions) {
        at++;
    }
    return refuse_entry(reason, NORMA_STATUS_BAD_LABEL, "labels", at, labels[at],
                        plan->regions - 1);
}

/* Checks that every position has the label of a region, and counts the positions of each. */
static norma_status check_labels(const struct norma_plan *plan, const uint8_t *labels,
                                 double *region_count, const struct norma_reason *reason) {
    for (int64_t n = 0; n < plan->problem.n; n++) {
        int64_t count[256] = {0};
        for (int64_t s = 0; s < plan->spatial; s++) {
            count[labels[n * plan->spatial + s]]++;
        }
        int64_t labelled = 0;
        for (int64_t r = 0; r < plan->regions; r++) {
            region_count[n * plan->regions + r] = (double)count[r];
            labelled += count[r];
        }
        if (labelled != plan->spatial) {
            return refuse_label(plan, labels, n, reason);
        }
    }
    return NORMA_STATUS_OK;
}

/* Checks that it is a permutation, and writes its inverse. */
static norma_status check_permutation(const struct norma_plan *plan, const int32_t *permutation,
                                      int32_t *inverse, const struct norma_reason *reason) {
    const int64_t count = plan->problem.n;
    for (int64_t n = 0; n < count; n++) {
        inverse[n] = -1;
    }
    for (int64_t n = 0; n < count; n++) {
        const int32_t to = permutation[n];
        if (to < 0 || to >= count) {
            return refuse_entry(reason, NORMA_STATUS_BAD_PERMUTATION, "permutation", n, to,
                                count - 1);
        }
        if (inverse[to] >= 0) {
            return norma_refuse(reason, NORMA_STATUS_BAD_PERMUTATION,
                                "args.permutation[%" PRId64 "] is %" PRId32
                                ", as is args.permutation[%" PRId32 "]",
                                n, to, inverse[to]);
        }
        inverse[to] = (int32_t)n;
    }
    return NORMA_STATUS_OK;
}

norma_status norma_check_values(const struct norma_plan *plan, const struct norma_args *args,
                                const struct norma_workspace *workspace,
                                const struct norma_reason *reason) {
    norma_status status = NORMA_STATUS_OK;
    if (plan->descriptor->gate && !plan->problem.rho_fixed) {
        status = check_gate(plan, args->rho, reason);
    }
    if (status == NORMA_STATUS_OK && plan->descriptor->tables) {
        status = check_style_index(plan, args->style_index, reason);
    }
    if (status == NORMA_STATUS_OK && plan->mixed_styles) {
        status = check_weights(plan, args->style_weights, reason);
    }
    if (status == NORMA_STATUS_OK && plan->regions > 1) {
        status = check_labels(plan, args->labels, workspace->region_count, reason);
    }
    if (status == NORMA_STATUS_OK && plan->problem.style_source == NORMA_STYLE_SWAP) {
        status = check_permutation(plan, args->permutation, workspace->styled, reason);
    }
    return status;
}
