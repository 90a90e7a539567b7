/* The texts of statuses and of the version.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <norma.h>

#define TEXT_OF(number)                   #number
#define VERSION_TEXT(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

const char *norma_strerror(norma_status status) {
    /* Without a default, the compiler reports a status that has no sentence. */
    switch (status) {
    case NORMA_STATUS_OK:
        return "Success.";
    case NORMA_STATUS_MALFORMED:
        return "The problem text cannot be parsed.";
    case NORMA_STATUS_INVALID:
        return "The problem or the options make no sense: a size or number is outside its range.";
    case NORMA_STATUS_UNSUPPORTED:
        return "The problem is sound, but this implementation cannot do it.";
    case NORMA_STATUS_UNKNOWN_SET:
        return "There is no SIMD set of that name.";
    case NORMA_STATUS_UNAVAILABLE_SET:
        return "No allowed SIMD set can run on this CPU.";
    case NORMA_STATUS_NULL:
        return "A required pointer is null.";
    case NORMA_STATUS_OVERLAP:
        return "An output overlaps another tensor; only y may be x, and dx may be dy.";
    case NORMA_STATUS_EMPTY:
        return "Statistics of no elements were requested.";
    case NORMA_STATUS_NO_MEMORY:
        return "There is not enough memory.";
    case NORMA_STATUS_BAD_GATE:
        return "An entry of rho, the gate, is outside [0, 1].";
    case NORMA_STATUS_BAD_STYLE_INDEX:
        return "An entry of style_index is not in 0 to styles - 1.";
    case NORMA_STATUS_BAD_WEIGHTS:
        return "The style_weights of a sample do not sum to one.";
    case NORMA_STATUS_BAD_LABEL:
        return "An entry of labels is not in 0 to regions - 1.";
    case NORMA_STATUS_BAD_PERMUTATION:
        return "permutation does not have each of 0 to N - 1 exactly once.";
    case NORMA_STATUS_BAD_PROFILE:
        return "The tuning profile cannot be read, or is for another norma or processor.";
    }
    return "Unknown status: this is no value of norma_status.";
}

const char *norma_version(void) {
    return VERSION_TEXT(NORMA_VERSION_MAJOR, NORMA_VERSION_MINOR, NORMA_VERSION_PATCH);
}
