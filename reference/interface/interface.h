/* The headers of this folder that others may use.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_INTERFACE_INTERFACE_H
#define REFERENCE_INTERFACE_INTERFACE_H

#include "reference/interface/implementation.h"
#include "reference/interface/operator_facts.h"
#include "reference/interface/required_tensors.h"
#include "reference/interface/result.h"
#include "reference/interface/tensors.h"

#endif
