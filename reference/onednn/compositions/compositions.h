/* The operators, each composed in the file of its name.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_COMPOSITIONS_COMPOSITIONS_H
#define REFERENCE_ONEDNN_COMPOSITIONS_COMPOSITIONS_H

#include "reference/onednn/steps/steps.h"

/* oneDNN's own primitive, and a composition that is faster in the plain layout and in inference. */
extern const struct onednn_operator onednn_bn, onednn_bn_composed;
/* oneDNN's own primitive, without a composition, for gn, ln and in, forward. */
extern const struct onednn_operator onednn_gn_primitive;
/* onednn_in also does cin, onednn_gn also ln, onednn_unit also rms. */
extern const struct onednn_operator onednn_in, onednn_adain, onednn_gn, onednn_bin, onednn_unit;

/* None works in the plain layout, except onednn_bn_backward, and onednn_ln_backward, which works
 * nowhere else and with one position only. */
extern const struct onednn_operator onednn_bn_backward, onednn_in_backward, onednn_adain_backward,
    onednn_gn_backward, onednn_ln_backward, onednn_bin_backward, onednn_unit_backward;

#endif
