/* The steps that compositions of oneDNN primitives are made of. This header is for other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_STEPS_STEPS_H
#define REFERENCE_ONEDNN_STEPS_STEPS_H

#include "reference/onednn/steps/backward.h"
#include "reference/onednn/steps/composition.h"
#include "reference/onednn/steps/copies.h"
#include "reference/onednn/steps/epilogue.h"
#include "reference/onednn/steps/geometry.h"
#include "reference/onednn/steps/groups.h"
#include "reference/onednn/steps/onednn_arguments.h"
#include "reference/onednn/steps/onednn_statistics.h"
#include "reference/onednn/steps/operation.h"
#include "reference/onednn/steps/squares.h"

#endif
