/* The common ground of all implementations: their table of functions, the tensors of a problem, the
 * facts about operators, and unrounded results. This header is for other folders.
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
