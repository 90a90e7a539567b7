/* Unitization [Unit 1.1], in one of its forms:
 *
 *     practical                  unit_practical.c
 *     vanilla, scalar, vector    unit_dividing.c
 *     layer                      unit_layer.c, unit_layer_backward.c
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/definitions/definitions.h"
#include "reference/definitions/unit_forms.h"

void reference_unit(const struct reference_view *view) {
    switch (view->problem->form) {
    case NORMA_FORM_PRACTICAL:
        reference_unit_practical(view);
        break;
    case NORMA_FORM_VANILLA:
    case NORMA_FORM_SCALAR:
    case NORMA_FORM_VECTOR:
        reference_unit_dividing(view);
        break;
    case NORMA_FORM_LAYER:
        if (view->backward) {
            reference_unit_layer_backward(view);
        } else {
            reference_unit_layer(view);
        }
        break;
    }
}
