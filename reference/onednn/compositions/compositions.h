/* What an operator is here: its oneDNN primitives, created for one problem in one geometry, and
 * the host's work between them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_COMPOSITIONS_COMPOSITIONS_H
#define REFERENCE_ONEDNN_COMPOSITIONS_COMPOSITIONS_H

#include "reference/onednn/steps/steps.h"

/* oneDNN's own primitive, and faster compositions: in the plain layout, and in inference. */
extern const struct onednn_operator onednn_bn, onednn_bn_composed;
/* in: cin, too; gn: ln, too; unit: rms, too. */
extern const struct onednn_operator onednn_in, onednn_adain, onednn_gn, onednn_bin, onednn_unit;

/* Not in the plain layout, but for bn; ln_backward: nowhere else, and of one position. */
extern const struct onednn_operator onednn_bn_backward, onednn_in_backward, onednn_adain_backward,
    onednn_gn_backward, onednn_ln_backward, onednn_bin_backward, onednn_unit_backward;

#endif
