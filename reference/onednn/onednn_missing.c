/* The oneDNN implementations of a build without oneDNN: none.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "implementation.h"

const struct norma_implementation *const norma_onednn_implementations[] = {NULL};

const char *norma_onednn_version(void) {
    return NULL;
}
