/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/interface/implementation.h"

const char *reference_kind_name(enum reference_kind kind) {
    static const char *const names[REFERENCE_KIND_COUNT] = {"norma", "peer", "definition",
                                                            "ceiling"};
    return (unsigned)kind < REFERENCE_KIND_COUNT ? names[kind] : NULL;
}
