/* Properties: identities between operators, invariances, and theorems, each checked on the results
 * of one implementation alone. As they compare with no reference results, they reveal a mistake
 * that kernels and reference share. From the reference they take only the size of terms, for
 * bounds.
 *
 * A property consists of one small function and of one line in the table of its file. This header
 * is for other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROPERTIES_PROPERTIES_H
#define VERIFY_PROPERTIES_PROPERTIES_H

#include "reference/interface/interface.h"
#include "verify/properties/property.h"
#include "verify/truth/truth.h"

/* Returns property number `index`; NULL beyond the last. */
const struct verify_property *verify_property_at(size_t index);

/* Returns the check that property number `index` belongs to. */
enum verify_check_kind verify_property_kind(size_t index);

/* Returns the number of layouts, from channels-first on, that the property must be checked in. */
int verify_property_layouts(const struct verify_property *property);

/* Returns the number of cases of all properties that are not left out: one for each property,
 * layout, text and implementation. */
size_t verify_properties_count(size_t implementations);

/* Checks one case of a property. */
struct verify_property_result
verify_property_check(const struct verify_property *property, const char *text, norma_layout layout,
                      const struct reference_implementation *implementation, uint64_t seed);

#endif
