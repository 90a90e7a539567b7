/* The texts of statuses and of the version.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "norma.h"

#define TEXT_OF(number)                   #number
#define VERSION_TEXT(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

const char *norma_strerror(norma_status status) {
    /* No default: the compiler names the status that lacks a sentence. */
    switch (status) {
    case NORMA_OK:
        return "Success.";
    case NORMA_MALFORMED:
        return "The problem text cannot be parsed.";
    case NORMA_INVALID:
        return "The problem makes no sense: a size or parameter is outside its allowed range.";
    case NORMA_UNSUPPORTED:
        return "The problem is sound, but this implementation cannot do it.";
    case NORMA_UNKNOWN_SET:
        return "There is no SIMD set of that name.";
    case NORMA_UNAVAILABLE_SET:
        return "No allowed SIMD set can run on this CPU.";
    case NORMA_NULL:
        return "A required pointer is null.";
    case NORMA_OVERLAP:
        return "The output overlaps an input and is not exactly x.";
    case NORMA_EMPTY:
        return "Statistics of an empty set were asked for.";
    case NORMA_NO_MEMORY:
        return "There is not enough memory.";
    }
    return "Unknown status: this is no value of norma_status.";
}

const char *norma_version(void) {
    return VERSION_TEXT(NORMA_VERSION_MAJOR, NORMA_VERSION_MINOR, NORMA_VERSION_PATCH);
}
