/* The operators, each defined in the file of its name.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_DEFINITIONS_DEFINITIONS_H
#define REFERENCE_DEFINITIONS_DEFINITIONS_H

#include "reference/definitions/reference_standardize.h"

#define REFERENCE_DECLARE_REFERENCE(upper, lower, text)                                            \
    void reference_##lower(const struct reference_view *view);
NORMA_OPERATORS(REFERENCE_DECLARE_REFERENCE)
#undef REFERENCE_DECLARE_REFERENCE

#endif
