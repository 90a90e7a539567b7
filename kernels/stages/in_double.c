/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/stages/in_double.h"

/* ---- elements ----------------------------------------------------------------------------- */

void norma_apply_to_element(const struct norma_execution *execution, int64_t offset,
                            const struct norma_wide_coefficients *coefficients) {
    const struct norma_plan *plan = execution->plan;
    const double x = (double)norma_read_element(plan, execution->args->x, offset);
    const void *residual = norma_residual_at(execution, 0);
    double y = (x - coefficients->centre) * coefficients->scale + coefficients->shift;
    if (residual) {
        y += (double)norma_read_element(plan, residual, offset);
    }
    if (norma_has_relu(plan) && y <= 0.0) {
        y = 0.0;
    }
    norma_write_element(plan, execution->args->y, offset, (float)y);
}

/* Returns dy where the ReLU let y through, and 0 elsewhere. Writes it to dresidual, if that is
 * requested. */
static double passed_dy(const struct norma_execution *execution, int64_t offset) {
    const struct norma_plan *plan = execution->plan;
    const void *y = norma_relu_output_at(execution, 0);
    void *dresidual = norma_dresidual_at(execution, 0);
    const bool blocked = y && norma_read_element(plan, y, offset) <= 0.0f;
    const float passed = blocked ? 0.0f : norma_read_element(plan, execution->args->dy, offset);
    if (dresidual) {
        norma_write_element(plan, dresidual, offset, passed);
    }
    return (double)passed;
}

void norma_gradient_of_element(const struct norma_execution *execution, int64_t offset,
                               const struct norma_wide_coefficients *coefficients) {
    const struct norma_plan *plan = execution->plan;
    const double dy = passed_dy(execution, offset);
    double rest = coefficients->shift;
    if (norma_needs_x(plan)) {
        const double x = (double)norma_read_element(plan, execution->args->x, offset);
        rest += (x - coefficients->centre) * coefficients->x_scale;
    }
    norma_write_element(plan, execution->args->dx, offset,
                        (float)(dy * coefficients->scale + rest));
}

/* ---- pieces ------------------------------------------------------------------------------- */

static bool is_selected(const struct norma_selection *selection, int64_t i) {
    return !selection || selection->labels[i] == selection->label;
}

/* Returns the distance between the elements of one channel. */
static int64_t step_of(const struct norma_piece *piece) {
    return piece->stride > 0 ? piece->stride : 1;
}

void norma_apply_in_double(const struct norma_execution *execution, const struct norma_piece *piece,
                           const struct norma_wide_coefficients *coefficients) {
    for (int64_t i = 0; i < piece->length * piece->spans; i++) {
        if (is_selected(piece->selection, i)) {
            norma_apply_to_element(execution, piece->offset + i * step_of(piece), coefficients);
        }
    }
}

/* The first region writes dresidual of all elements, before any dy is overwritten in place. The
 * others write it again, where dy is still there. */
void norma_gradient_in_double(const struct norma_execution *execution,
                              const struct norma_piece *piece,
                              const struct norma_wide_coefficients *coefficients) {
    for (int64_t i = 0; i < piece->length * piece->spans; i++) {
        const int64_t offset = piece->offset + i * step_of(piece);
        const bool selected = is_selected(piece->selection, i);
        if (selected) {
            norma_gradient_of_element(execution, offset, coefficients);
        } else if (piece->selection->label == 0) {
            passed_dy(execution, offset);
        }
    }
}
