/* What other folders may use of this one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_DEFINITIONS_DEFINITIONS_H
#define REFERENCE_DEFINITIONS_DEFINITIONS_H

#include "reference/definitions/reference_standardize.h"

#endif
