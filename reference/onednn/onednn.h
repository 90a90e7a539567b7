/* oneDNN as a peer.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_ONEDNN_H
#define REFERENCE_ONEDNN_ONEDNN_H

#include "reference/interface/interface.h"

/* All oneDNN implementations, ended by NULL; empty where norma was built without oneDNN. */
extern const struct reference_implementation *const onednn_implementations[];

/* Returns "2.6.3", or NULL where norma was built without oneDNN. */
const char *onednn_version(void);

#endif
