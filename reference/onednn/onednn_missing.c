/* The oneDNN implementations of a build without oneDNN, of which there are none.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/onednn/onednn.h"

const struct reference_implementation *const onednn_implementations[] = {NULL};

const char *onednn_version(void) {
    return NULL;
}
