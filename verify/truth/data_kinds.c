/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/truth/data_kinds.h"

#include "reference/interface/interface.h"

const char *verify_data_name(enum verify_data data) {
    static const char *const names[VERIFY_DATA_COUNT] = {
        [VERIFY_DATA_NORMAL] = "normal",     [VERIFY_DATA_LARGE_MEAN] = "large-mean",
        [VERIFY_DATA_CONSTANT] = "constant", [VERIFY_DATA_DEFAULTS] = "defaults",
        [VERIFY_DATA_TINY] = "tiny",         [VERIFY_DATA_HUGE] = "huge",
        [VERIFY_DATA_OUTLIER] = "outlier",   [VERIFY_DATA_IMAGE] = "image",
        [VERIFY_DATA_HUGE_DY] = "huge-dy",   [VERIFY_DATA_TINY_DY] = "tiny-dy",
        [VERIFY_DATA_OPPOSITE] = "opposite",
    };
    return data < VERIFY_DATA_COUNT ? names[data] : NULL;
}

static bool is_picture(const struct norma_problem *problem) {
    enum { LEAST = 7 }; /* pixels either way: a smaller picture may have a single colour */
    return problem->spatial_rank == 2 && problem->spatial[0] >= LEAST &&
           problem->spatial[1] >= LEAST;
}

bool verify_data_suits(enum verify_data data, const struct norma_problem *problem) {
    return data == VERIFY_DATA_IMAGE
               ? is_picture(problem)
               : data < VERIFY_DATA_EXTREMES_OF_DY || reference_is_backward(problem);
}
