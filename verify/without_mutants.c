/* The catalogue of a build without tests: that of an installed norma-verify.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "mutants.h"

const struct norma_mutant *norma_mutant(size_t index) {
    (void)index;
    return NULL;
}

const struct norma_mutant *norma_mutant_find(const char *name) {
    (void)name;
    return NULL;
}
