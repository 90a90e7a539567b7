/* The forms of unitization, each implemented in the file of its name.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_DEFINITIONS_UNIT_FORMS_H
#define REFERENCE_DEFINITIONS_UNIT_FORMS_H

#include "reference/definitions/given_statistics.h"

void reference_unit_practical(const struct reference_view *view);
void reference_unit_dividing(const struct reference_view *view); /* vanilla, scalar, vector */
void reference_unit_layer(const struct reference_view *view);    /* forward */
void reference_unit_layer_backward(const struct reference_view *view);

#endif
